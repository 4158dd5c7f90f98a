#include "storage/spool/posix_files.hpp"

#include <fmt/format.h>

#include "base/durable_file.hpp"

namespace wl::storage::spool {
namespace {

std::unexpected<Error> refused(std::string_view doing, const std::filesystem::path& path,
                               const std::error_code& cause) {
  Errc code = Errc::unavailable;
  if (cause == std::errc::no_such_file_or_directory) code = Errc::not_found;
  if (cause == std::errc::permission_denied || cause == std::errc::read_only_file_system) {
    code = Errc::permission;
  }
  return fail(code, fmt::format("cannot {} {}: {}", doing, path.string(), cause.message()));
}

}  // namespace

Result<std::unique_ptr<PosixSpoolFiles>> PosixSpoolFiles::open(
    const std::filesystem::path& directory) {
  if (const auto made = ensure_writable_directory(directory); !made) {
    return std::unexpected(made.error());
  }
  auto lock = OpenFile::open(directory / "lock", OpenMode::update);
  if (!lock) return std::unexpected(lock.error());
  if (const auto locked = lock->lock(); !locked) return std::unexpected(locked.error());
  return std::unique_ptr<PosixSpoolFiles>(new PosixSpoolFiles(directory, std::move(*lock)));
}

Result<std::vector<SpoolFiles::Entry>> PosixSpoolFiles::list(const std::string& folder) {
  std::vector<Entry> entries;
  std::error_code error;
  const std::filesystem::path where = folder.empty() ? directory_ : path(folder);
  std::filesystem::directory_iterator at(where, error);
  if (error == std::errc::no_such_file_or_directory) return entries;
  for (; !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    std::error_code odd;  // Not a regular file, or gone meanwhile: nothing of ours.
    if (!at->is_regular_file(odd) || at->is_symlink(odd)) continue;
    const std::uint64_t size = at->file_size(odd);
    if (odd) continue;
    const std::string name = at->path().filename().string();
    entries.push_back({folder.empty() ? name : folder + "/" + name, size});
  }
  if (error) return refused("look into", where, error);
  return entries;
}

Result<std::string> PosixSpoolFiles::read(const std::string& name, std::uint64_t offset,
                                          std::size_t size) {
  if (!read_ || read_->path() != path(name)) {
    read_.reset();
    auto file = OpenFile::open(path(name), OpenMode::read);
    if (!file) return std::unexpected(file.error());
    read_.emplace(std::move(*file));
  }
  std::string bytes(size, '\0');
  const auto got = read_->read_at(offset, bytes);
  if (!got) return std::unexpected(got.error());
  bytes.resize(*got);
  return bytes;
}

Result<void> PosixSpoolFiles::make_folder_of(const std::string& name) {
  const auto folder = path(name).parent_path();
  std::error_code error;
  const bool made = std::filesystem::create_directories(folder, error);
  if (error) return refused("make", folder, error);
  return made ? wl::sync_directory(directory_) : Result<void>{};
}

Result<void> PosixSpoolFiles::create(const std::string& name) {
  if (const auto made = make_folder_of(name); !made) return made;
  auto file = OpenFile::open(path(name), OpenMode::create);
  if (!file) return std::unexpected(file.error());
  written_ = std::move(*file);
  return {};
}

Result<OpenFile*> PosixSpoolFiles::writable(const std::string& name) {
  if (!written_ || written_->path() != path(name)) {
    written_.reset();
    if (!std::filesystem::exists(path(name))) {
      return fail(Errc::not_found, fmt::format("{} is gone", path(name).string()));
    }
    auto file = OpenFile::open(path(name), OpenMode::update);
    if (!file) return std::unexpected(file.error());
    written_.emplace(std::move(*file));
  }
  return &*written_;
}

Result<void> PosixSpoolFiles::append(const std::string& name, std::string_view bytes) {
  const auto file = writable(name);
  if (!file) return std::unexpected(file.error());
  const auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  return (*file)->write_at(*size, bytes);
}

Result<void> PosixSpoolFiles::truncate(const std::string& name, std::uint64_t size) {
  const auto file = writable(name);
  if (!file) return std::unexpected(file.error());
  return (*file)->resize(size);
}

Result<void> PosixSpoolFiles::sync(const std::string& name) {
  const auto file = writable(name);
  if (!file) return std::unexpected(file.error());
  return (*file)->sync();
}

Result<void> PosixSpoolFiles::rename(const std::string& from, const std::string& to) {
  if (const auto made = make_folder_of(to); !made) return made;
  close(from);
  close(to);
  std::error_code error;
  std::filesystem::rename(path(from), path(to), error);
  if (error) return refused("rename", path(from), error);
  return {};
}

Result<void> PosixSpoolFiles::remove(const std::string& name) {
  close(name);
  std::error_code error;
  const bool removed = std::filesystem::remove(path(name), error);
  if (error) return refused("remove", path(name), error);
  if (!removed) return fail(Errc::not_found, fmt::format("{} is not there", path(name).string()));
  return {};
}

Result<void> PosixSpoolFiles::sync_directory(const std::string& folder) {
  return wl::sync_directory(folder.empty() ? directory_ : path(folder));
}

void PosixSpoolFiles::close(const std::string& name) {
  if (written_ && written_->path() == path(name)) written_.reset();
  if (read_ && read_->path() == path(name)) read_.reset();
}

}  // namespace wl::storage::spool
