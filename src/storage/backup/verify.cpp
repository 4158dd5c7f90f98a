// verify_backup() and read_backup_manifest().
#include <fmt/format.h>

#include "storage/backup/backup.hpp"
#include "storage/backup/package_files.hpp"

namespace wl::storage {

Result<Manifest> verify_backup(const std::filesystem::path& file, const Progress& progress) {
  return for_each_file(file, [&](PackageReader& package, const BackupFile& member) {
    return read_checked(package, member, progress,
                        [](std::string_view) -> Result<void> { return {}; });
  });
}

Result<Manifest> read_backup_manifest(const std::filesystem::path& file) {
  auto package = PackageReader::open(file);
  if (!package) return std::unexpected(package.error());
  return read_manifest_of(*package, file.string());
}

}  // namespace wl::storage
