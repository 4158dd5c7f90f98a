#include "storage/backup/file_copy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/open_file.hpp"
#include "storage/backup/sha256.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_bytes = 1u << 20;

/// Calls `use` for each part of the file.
template <class Use>
Result<std::uint64_t> for_each_part(const OpenFile& file, Use use) {
  std::string buffer(buffer_bytes, '\0');
  for (std::uint64_t at = 0;;) {
    const auto got = file.read_at(at, buffer);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return at;
    if (const auto used = use(at, std::string_view(buffer).substr(0, *got)); !used) {
      return std::unexpected(used.error());
    }
    at += *got;
  }
}

std::uint32_t mode_of(const fs::path& path) {
  std::error_code ignored;
  return static_cast<std::uint32_t>(fs::status(path, ignored).permissions()) & 0777u;
}

}  // namespace

Result<std::vector<BackupSource>> files_of(const BackupSource& source,
                                           std::vector<std::string>& warnings) {
  std::vector<BackupSource> found;
  std::error_code error;
  if (fs::is_regular_file(source.path, error)) found.push_back(source);
  if (!fs::is_directory(source.path, error)) return found;
  auto entry = fs::recursive_directory_iterator(
      source.path, fs::directory_options::follow_directory_symlink, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry.depth() > deepest_source || found.size() > most_source_files) {
      return fail(Errc::invalid_argument,
                  fmt::format("{} has more than {} files or {} levels of folders: it does not look "
                              "like what belongs there",
                              source.path.string(), most_source_files, deepest_source));
    }
    std::error_code ignored;
    if (!entry->is_regular_file(ignored) || entry->path().extension() == ".tmp") continue;
    std::string name = source.name + "/" + fs::relative(entry->path(), source.path).string();
    if (is_safe_name(name)) {
      found.push_back({std::move(name), entry->path()});
    } else {
      warnings.push_back(fmt::format("{}: its name is not UTF-8; it is not in the backup",
                                     entry->path().string()));
    }
  }
  if (error) {
    return fail(Errc::permission,
                fmt::format("cannot read {}: {}", source.path.string(), error.message()));
  }
  std::ranges::sort(found, {}, &BackupSource::name);
  return found;
}

Result<BackupFile> copy_file_hashed(const BackupSource& from, const fs::path& to) {
  auto in = OpenFile::open(from.path, OpenMode::read);
  if (!in) return std::unexpected(in.error());
  auto out = OpenFile::open(to, OpenMode::create);
  if (!out) return std::unexpected(out.error());
  Sha256 hash;
  const auto bytes = for_each_part(*in, [&](std::uint64_t at, std::string_view part) {
    hash.add(part);
    return out->write_at(at, part);
  });
  if (!bytes) return std::unexpected(bytes.error());
  return BackupFile{
      .name = from.name, .bytes = *bytes, .mode = mode_of(from.path), .sha256 = hash.finish()};
}

Result<BackupFile> hash_file(const BackupSource& source, const Progress& progress) {
  const auto file = OpenFile::open(source.path, OpenMode::read);
  if (!file) return std::unexpected(file.error());
  const auto total = file->size();
  if (!total) return std::unexpected(total.error());
  Sha256 hash;
  const auto bytes = for_each_part(*file, [&](std::uint64_t at, std::string_view part) {
    hash.add(part);
    return report(progress, {"computing checksums", at + part.size(), *total});
  });
  if (!bytes) return std::unexpected(bytes.error());
  return BackupFile{.name = source.name, .bytes = *bytes, .mode = 0600, .sha256 = hash.finish()};
}

}  // namespace wl::storage
