// wattline restore: an installation out of one file, so that a kill leaves the old or the new one.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "storage/backup/file_copy.hpp"
#include "storage/backup/manifest.hpp"
#include "storage/backup/progress.hpp"
#include "storage/store.hpp"

namespace wl::storage {

enum class WhenInUse {
  refuse,    ///< `conflict` names what is there.
  set_aside  ///< It is renamed to `….before-restore-YYYYMMDD-HHMMSS`.
};

/// What a part of the backup is to an installation, which decides what may be replaced.
struct RestoreTarget {
  std::string name;            ///< As in BackupSource.
  std::filesystem::path path;  ///< Where it goes.
  /// True for what only an installation in use has (.env, retain, secret.key): never replaced with
  /// WhenInUse::refuse. False for what a fresh checkout has, too (config/, plc_program/): set
  /// aside.
  bool only_in_use = true;
};

struct RestoreRequest {
  std::filesystem::path file;
  std::filesystem::path root;  ///< Holds the plan while files are exchanged.
  DatabaseOptions database;
  std::vector<RestoreTarget> targets;  ///< Parts of the backup that are not named stay out.
  WhenInUse when_in_use = WhenInUse::refuse;
  Timestamp now{};
};

struct RestoreReport {
  Manifest manifest;
  std::vector<std::filesystem::path> restored;
  std::vector<std::filesystem::path> unchanged;  ///< Were the same already.
  std::vector<std::filesystem::path> aside;      ///< What was replaced, under its new name.
  std::vector<std::string> left_out;             ///< Names in the backup without a target.
};

/// What a restore would do, after the same checks, without changing anything.
Result<RestoreReport> check_restore(const RestoreRequest& request, const Progress& progress);

/// Precondition: nothing of the system runs. First everything is checked (manifest, checksums,
/// schema, the engine's own check of the database) and laid beside its place; then a plan is
/// written to `<root>/restore-plan.json`; then files are renamed into place. Killed before the
/// plan: the old installation, untouched. Killed after: finish_restore() completes the new one.
///
/// `corrupt`: the backup is damaged; `conflict`: of a newer version, of the other engine, or an
/// installation is in use and `when_in_use` says refuse.
Result<RestoreReport> restore_backup(const RestoreRequest& request, const Progress& progress);

/// Completes a restore that was killed while files were exchanged. Nothing when there is none.
/// Call it before anything opens the database. Returns what is now in place.
Result<std::optional<std::vector<std::filesystem::path>>> finish_restore(
    const std::filesystem::path& root, const DatabaseOptions& database);

/// Tables in the configured MySQL database; 0 when it is empty.
Result<std::size_t> mysql_tables(const DatabaseOptions& options);

/// One small text file of a backup, such as `.env`; nothing when the backup has none.
Result<std::optional<std::string>> read_backup_text(const std::filesystem::path& file,
                                                    std::string_view name);

}  // namespace wl::storage
