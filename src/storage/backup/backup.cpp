#include "storage/backup/backup.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "base/durable_file.hpp"
#include "base/open_file.hpp"
#include "storage/backup/backup_name.hpp"
#include "storage/backup/database_copy.hpp"
#include "storage/backup/package.hpp"

namespace wl::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view work_extension = ".part";

/// The folder in which a backup grows; removed however the work ends, unless the process is killed.
class WorkFolder {
 public:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {}
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  Result<void> make() const {
    std::error_code error;
    fs::create_directory(path_, error);
    if (!error) fs::permissions(path_, fs::perms::owner_all, error);
    if (!error) return {};
    return fail(Errc::permission,
                fmt::format("cannot create {}: {}", path_.string(), error.message()));
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Under the lock of the directory nobody else is at work: what looks like it was left behind.
void remove_leftovers(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(".wattline-") || !name.ends_with(work_extension)) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
}

Result<OpenFile> lock_directory(const fs::path& directory) {
  if (const auto made = ensure_writable_directory(directory); !made) {
    return std::unexpected(made.error());
  }
  auto lock = OpenFile::open(directory / ".lock", OpenMode::update);
  if (!lock) return lock;
  if (const auto locked = lock->lock(); !locked) {
    return fail(locked.error().code,
                fmt::format("another backup into {} is at work", directory.string()));
  }
  return lock;
}

fs::path free_name(const BackupRequest& request) {
  Timestamp at = request.now;
  for (;; at += std::chrono::seconds{1}) {
    const fs::path file = request.directory / (backup_stem(at) + std::string(backup_extension));
    std::error_code error;
    if (!fs::exists(file, error)) return file;
  }
}

/// The copy and the package lie side by side for a while. A clear word now is better than a full
/// disk in ten minutes; what is left of the estimate is found by the writes themselves.
Result<void> check_room(const BackupRequest& request) {
  std::error_code error;
  const std::uintmax_t database =
      request.database.mysql ? 0 : fs::file_size(request.database.sqlite_path, error);
  struct statvfs disk{};
  if (error || ::statvfs(request.directory.c_str(), &disk) != 0) return {};
  const std::uintmax_t free = std::uintmax_t{disk.f_bavail} * disk.f_frsize;
  const std::uintmax_t needed = 2 * database;
  if (free >= needed) return {};
  return fail(Errc::unavailable,
              fmt::format("not enough room in {}: the backup needs about {} MB while it is made, "
                          "{} MB are free. Free some space there or use --to",
                          request.directory.string(), needed / 1'000'000 + 1, free / 1'000'000));
}

Result<void> stage_sources(const BackupRequest& request, const fs::path& folder,
                           BackupReport& done) {
  for (const BackupSource& source : request.sources) {
    const auto files = files_of(source, done.warnings);
    if (!files) return std::unexpected(files.error());
    for (const BackupSource& file : *files) {
      const fs::path target = folder / file.name;
      std::error_code error;
      fs::create_directories(target.parent_path(), error);
      auto copied = copy_file_hashed(file, target);
      if (!copied && copied.error().code == Errc::not_found) continue;  // Removed meanwhile.
      if (!copied) return std::unexpected(copied.error());
      done.manifest.files.push_back(std::move(*copied));
    }
  }
  return {};
}

Result<void> stage_database(const BackupRequest& request, const fs::path& folder,
                            const Progress& progress, BackupReport& done) {
  auto copy = request.database.mysql ? dump_mysql(request.database, folder, progress)
                                     : copy_sqlite(request.database, folder, progress);
  if (!copy) return std::unexpected(copy.error());
  auto file = hash_file({copy->file, folder / copy->file}, progress);
  if (!file) return std::unexpected(file.error());
  done.manifest.database = copy->kind;
  done.manifest.schema = copy->schema;
  done.manifest.rows = std::move(copy->rows);
  done.manifest.files.push_back(std::move(*file));
  return {};
}

Result<void> pack_file(PackageWriter& package, const BackupFile& file, const fs::path& path,
                       const Progress& progress) {
  const auto in = OpenFile::open(path, OpenMode::read);
  if (!in) return std::unexpected(in.error());
  std::string buffer(1u << 20, '\0');
  for (std::uint64_t at = 0; at < file.bytes;) {
    const std::size_t part = std::min<std::uint64_t>(buffer.size(), file.bytes - at);
    const auto got = in->read_at(at, std::span(buffer).first(part));
    if (!got) return std::unexpected(got.error());
    if (const auto r = package.write(std::string_view(buffer).substr(0, *got)); !r) return r;
    at += *got;
    if (*got == 0) return fail(Errc::corrupt, path.string() + " became shorter meanwhile");
    if (const auto r = report(progress, {"packing", at, file.bytes}); !r) return r;
  }
  return {};
}

Result<std::uint64_t> pack(const Manifest& manifest, const fs::path& folder, const fs::path& file,
                           const Progress& progress) {
  auto package = PackageWriter::create(file);
  if (!package) return std::unexpected(package.error());
  const std::string top = file.stem().stem().string() + "/";
  const auto seconds = to_unix_ms(manifest.made_at) / 1000;
  const std::string json = to_json(manifest);
  const auto begin = [&](const std::string& name, std::uint64_t size, std::uint32_t mode) {
    return package->begin({.name = top + name, .size = size, .mode = mode, .mtime = seconds});
  };
  if (auto r = begin(std::string(manifest_name), json.size(), 0600); !r) {
    return std::unexpected(r.error());
  }
  if (auto r = package->write(json); !r) return std::unexpected(r.error());
  for (const BackupFile& member : manifest.files) {
    if (auto r = begin(member.name, member.bytes, member.mode); !r) {
      return std::unexpected(r.error());
    }
    if (auto r = pack_file(*package, member, folder / member.name, progress); !r) {
      return std::unexpected(r.error());
    }
  }
  return package->finish();
}

Result<BackupReport> fill(const BackupRequest& request, const WorkFolder& work,
                          const fs::path& file, const Progress& progress) {
  BackupReport done;
  done.file = file;
  done.manifest.version = request.version;
  done.manifest.made_at = request.now;
  const fs::path staged = work.path() / "files";
  std::error_code error;
  fs::create_directory(staged, error);
  if (auto r = stage_sources(request, staged, done); !r) return std::unexpected(r.error());
  if (auto r = stage_database(request, staged, progress, done); !r) {
    return std::unexpected(r.error());
  }
  const fs::path package = work.path() / file.filename();
  const auto bytes = pack(done.manifest, staged, package, progress);
  if (!bytes) return std::unexpected(bytes.error());
  done.bytes = *bytes;
  const auto verified = verify_backup(package, progress);
  if (!verified) return std::unexpected(verified.error());
  fs::rename(package, file, error);
  if (error) {
    return fail(Errc::unavailable,
                fmt::format("cannot create {}: {}", file.string(), error.message()));
  }
  if (auto r = sync_directory(request.directory); !r) return std::unexpected(r.error());
  return done;
}

}  // namespace

Result<BackupReport> make_backup(const BackupRequest& request, const Progress& progress) {
  const auto lock = lock_directory(request.directory);
  if (!lock) return std::unexpected(lock.error());
  remove_leftovers(request.directory);
  if (const auto room = check_room(request); !room) return std::unexpected(room.error());
  const fs::path file = free_name(request);
  const WorkFolder work{request.directory /
                        fmt::format(".{}{}", file.filename().string(), work_extension)};
  if (const auto made = work.make(); !made) return std::unexpected(made.error());
  return fill(request, work, file, progress);
}

std::vector<FoundBackup> find_backups(const fs::path& directory) {
  std::vector<FoundBackup> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    std::error_code ignored;
    const auto made_at = backup_time(entry.path().filename().string());
    if (made_at && entry.is_regular_file(ignored)) found.push_back({entry.path(), *made_at});
  }
  std::ranges::sort(found, std::ranges::greater{}, &FoundBackup::made_at);
  return found;
}

std::vector<fs::path> rotate_backups(const fs::path& directory, std::size_t keep) {
  std::vector<fs::path> removed;
  std::size_t ours = 0;
  for (const FoundBackup& backup : find_backups(directory)) {
    if (!read_backup_manifest(backup.file) || ++ours <= keep) continue;
    std::error_code error;
    if (fs::remove(backup.file, error)) removed.push_back(backup.file);
  }
  return removed;
}

}  // namespace wl::storage
