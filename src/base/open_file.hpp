// A file that this process holds open: reads and writes at offsets, sync, lock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace wl {

enum class OpenMode {
  read,    ///< Must exist.
  update,  ///< Read and write; created when missing.
  create,  ///< Read and write; must not exist (`conflict`).
};

/// Closes itself; locks go with it. Every error names the path and the reason; a full disk is
/// `unavailable` and says so. One thread at a time.
class OpenFile {
 public:
  /// `mode` are the permissions of a file that is created.
  static Result<OpenFile> open(const std::filesystem::path& path, OpenMode how,
                               unsigned mode = 0600);
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();

  const std::filesystem::path& path() const { return path_; }
  Result<std::uint64_t> size() const;
  /// Bytes read: fewer than asked for only where the file ends.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const;
  Result<void> write_at(std::uint64_t offset, std::string_view bytes);
  Result<void> resize(std::uint64_t size);
  /// On return the content survives a power cut; for a new file call sync_directory() as well.
  Result<void> sync();
  /// Lets the system forget what it holds of the file in memory, so that the next read shows what
  /// is on the disk. Only synced content can be forgotten.
  void forget_cache() const;
  /// Excludes other processes that lock it; `conflict` when one does already.
  Result<void> lock();

 private:
  OpenFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
};

/// Makes new, renamed and removed entries of a directory survive a power cut.
Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace wl
