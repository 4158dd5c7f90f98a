// Copies files and folders and tells what was copied. Used for staging a backup.
#pragma once

#include <filesystem>

#include "storage/backup/manifest.hpp"
#include "storage/backup/progress.hpp"

namespace wl::storage {

/// A file or folder of the installation that belongs into a backup.
struct BackupSource {
  std::string name;            ///< In the backup: `.env`, `config`, `data/retain`.
  std::filesystem::path path;  ///< Here. One that does not exist is left out.
};

/// At most this many files and levels of folders below one source: whoever backs up more by
/// mistake (a link to `/`) is told.
inline constexpr std::size_t most_source_files = 10'000;
inline constexpr int deepest_source = 16;

/// Regular files below `source`, links followed, by name; half-written `*.tmp` are left out.
/// `warnings` names what cannot be taken: names that are not UTF-8.
Result<std::vector<BackupSource>> files_of(const BackupSource& source,
                                           std::vector<std::string>& warnings);

/// Copies one file (mode 0600) and describes it under `name`, with its size, mode and SHA-256.
Result<BackupFile> copy_file_hashed(const BackupSource& from, const std::filesystem::path& to);

/// The same description of a file that is there already. Progress counts from `done` up.
Result<BackupFile> hash_file(const BackupSource& file, const Progress& progress);

}  // namespace wl::storage
