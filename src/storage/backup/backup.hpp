// wattline backup: everything that makes an installation, in one file.
#pragma once

#include <filesystem>
#include <vector>

#include "storage/backup/file_copy.hpp"
#include "storage/backup/progress.hpp"
#include "storage/store.hpp"

namespace wl::storage {

struct BackupRequest {
  std::filesystem::path directory;  ///< Where the file goes; made when missing, mode 0700.
  DatabaseOptions database;
  std::vector<BackupSource> sources;  ///< Beside the database.
  std::string version;                ///< Of this program.
  Timestamp now{};
};

struct BackupReport {
  std::filesystem::path file;
  std::uint64_t bytes = 0;  ///< Of that file.
  Manifest manifest;
  std::vector<std::string> warnings;
};

/// Makes `<directory>/wattline-YYYYMMDD-HHMMSS.tar.zst` (UTC; a second later when that exists),
/// mode 0600, while the system runs. The file appears under its name only when it is whole, synced
/// and was read back: every checksum compared, the copy of the database checked by its engine.
///
/// Needs about the size of the database twice over while it works. On failure nothing is left; what
/// a killed one left is removed by the next. `conflict` when another backup into the same directory
/// is at work. `unavailable` when the disk is full or Progress said stop.
Result<BackupReport> make_backup(const BackupRequest& request, const Progress& progress);

/// Reads a whole package and compares every checksum. Returns its manifest; `corrupt` names the
/// first file inside that differs, is missing or does not belong there.
Result<Manifest> verify_backup(const std::filesystem::path& file, const Progress& progress);

/// The manifest alone: quick, and proves nothing about the rest.
Result<Manifest> read_backup_manifest(const std::filesystem::path& file);

struct FoundBackup {
  std::filesystem::path file;
  Timestamp made_at{};  ///< By its name.
};

/// Files in `directory` that carry the name of a backup, newest first.
std::vector<FoundBackup> find_backups(const std::filesystem::path& directory);

/// Keeps the newest `keep` and removes older ones that make_backup() made: the name and the
/// manifest must both say so. Returns what was removed.
std::vector<std::filesystem::path> rotate_backups(const std::filesystem::path& directory,
                                                  std::size_t keep);

}  // namespace wl::storage
