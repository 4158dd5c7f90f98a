// The files of a package beside what its manifest says of them.
#pragma once

#include <functional>

#include "storage/backup/manifest.hpp"
#include "storage/backup/package.hpp"
#include "storage/backup/progress.hpp"

namespace wl::storage {

/// Reads the first member, which is the manifest.
Result<Manifest> read_manifest_of(PackageReader& package, const std::string& file);

using UseFile = std::function<Result<void>(PackageReader&, const BackupFile&)>;
using UseBytes = std::function<Result<void>(std::string_view)>;

/// Opens the package and calls `use` for every file in order, after its name was found where the
/// manifest has it. `corrupt` when one is missing, too many, or of another size.
Result<Manifest> for_each_file(const std::filesystem::path& file, const UseFile& use);

/// Reads the current file of the package to its end, hands its bytes to `use` and compares size and
/// SHA-256; `corrupt` names the file when they differ. So what `use` got counts only afterwards.
Result<void> read_checked(PackageReader& package, const BackupFile& file, const Progress& progress,
                          const UseBytes& use);

}  // namespace wl::storage
