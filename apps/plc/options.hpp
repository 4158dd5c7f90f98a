// The command line of wattline-plc.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl {

/// `[TIME:]PATH=VALUE` of --set.
struct SetOption {
  Milliseconds at{};
  std::string path;
  std::string value;
};

struct PlcOptions {
  enum class Mode { run, check, virtual_run };
  Mode mode = Mode::run;
  std::filesystem::path root;       ///< Empty: as installation_root() finds it.
  std::filesystem::path truth_log;  ///< Empty: none.

  Milliseconds duration{};           ///< Of the virtual run.
  Timestamp start{};                 ///< Wall-clock time at which it begins.
  std::filesystem::path trace;       ///< `-` is stdout; empty: no trace.
  std::filesystem::path retain_dir;  ///< Empty: no retain in the virtual run.
  std::vector<SetOption> sets;
  std::filesystem::path feed;         ///< For `wattline-collector --replay`; `-` is stdout.
  bool until_now = false;             ///< Ends when the virtual clock has reached the wall clock.
  std::optional<std::uint32_t> seed;  ///< Of the simulation; nothing: the program's own.
};

/// Reads argv. An int is the exit code of a program that has nothing more to do (after --help or
/// --version, or after a mistake that is already on stderr).
std::variant<PlcOptions, int> read_options(int argc, char** argv);

/// `3min:PLC_PRG.bEmergencyStop=TRUE`; without a time it is 0.
Result<SetOption> parse_set(std::string_view text);

}  // namespace wl
