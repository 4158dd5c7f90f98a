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
  std::string to;         ///< Empty: BACKUP_DIR, which is rotated; no other folder is.
  bool progress = false;  ///< A line a second also where there is no terminal.
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

struct CheckWords {
  bool full = false;
  bool repair = false;  ///< Compute rollups again that differ from their raw values.
  bool json = false;
};
/// 1 when there is a fault that was not repaired.
int db_check(const std::filesystem::path& root, const CheckWords& words);

struct RebuildWords {
  std::string from;  ///< ISO 8601; empty: all of it.
  bool dry_run = false;
};
/// Computes the energy ledger again from stored readings.
int rebuild_energy(const std::filesystem::path& root, const RebuildWords& words);

/// Which part of history, in the words of a person.
struct HistoryWords {
  std::string points;  ///< Keys with commas between; `station1.*` takes all of a device.
  std::string from;    ///< ISO 8601; without a zone it is UTC.
  std::string to;
};

struct ArchiveWords {
  std::string file;  ///< Empty: every file of the archive.
  HistoryWords part;
  bool csv = false;  ///< Samples instead of a list.
};
int archive_show(const std::filesystem::path& root, const ArchiveWords& words);

struct ExportWords {
  std::string format;    ///< csv, line
  std::string interval;  ///< raw, 1m, 15m, hour, day, week, month
  std::string file;      ///< Empty: stdout.
  HistoryWords part;
};
int export_history(const std::filesystem::path& root, const ExportWords& words);

struct ImportWords {
  std::string file;
  std::string format;
  bool skip_bad = false;  ///< Import what is right of a file with mistakes.
};
int import_history(const std::filesystem::path& root, const ImportWords& words);

}  // namespace wl::command
