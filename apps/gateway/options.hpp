// The command line of wattline-gateway.
#pragma once

#include <filesystem>
#include <variant>

namespace wl {

struct GatewayCommand {
  std::filesystem::path root;  ///< Empty: found by installation_root().
  bool check = false;          ///< Only read the configuration.
};

/// The options, or the exit code when there is nothing more to do (--help, --version, a mistake).
std::variant<GatewayCommand, int> read_options(int argc, char** argv);

}  // namespace wl
