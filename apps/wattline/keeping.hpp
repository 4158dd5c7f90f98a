// The commands that keep what the system knows: backup, restore, check, archive, export, import.
// Exit codes as in commands.hpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace wl::command {

/// Declares them; the one that was named puts its exit code into `code`. Both must outlive `app`.
void declare_keeping(CLI::App& app, const std::filesystem::path& root, int& code);

struct BackupWords {
  std::string to;  ///< Empty: BACKUP_DIR, which is rotated; no other folder is.
};
int backup(const std::filesystem::path& root, const BackupWords& words);

struct RestoreWords {
  std::string file;
  bool force = false;
  bool dry_run = false;
  bool data_only = false;
  bool finish = false;
};
int restore(const std::filesystem::path& root, const RestoreWords& words);

}  // namespace wl::command
