// `wattline audit verify` and `wattline audit show`, and entries of the command itself.
#pragma once

#include <filesystem>
#include <string>

#include "apps/settings/settings.hpp"
#include "storage/account_store.hpp"

namespace CLI {
class App;
}

namespace wl::command {

/// Declares them; the one that was named puts its exit code into `code`. Both must outlive `app`.
void declare_audit(CLI::App& app, const std::filesystem::path& root, int& code);

struct CommandEntry {
  std::string action;   ///< `password.reset`
  std::string subject;  ///< `user anna`
  std::string after;    ///< JSON, without secrets.
};
/// Appends what this command did, by the user of the operating system who ran it. A failure is told
/// on stderr: what was done stays done.
void record_command(storage::AccountStore& accounts, const Settings& settings, CommandEntry entry);

}  // namespace wl::command
