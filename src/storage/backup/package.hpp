// A backup file: a tar archive inside one zstd frame, written and read as a stream.
//
// `tar --zstd -xf FILE` opens it without Wattline (ADR 0095).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/open_file.hpp"
#include "storage/backup/tar_header.hpp"

namespace wl::storage {

/// Writes to a new file, mode 0600. What is not finished is no package.
class PackageWriter {
 public:
  static Result<PackageWriter> create(const std::filesystem::path& path);
  PackageWriter(PackageWriter&&) noexcept;
  ~PackageWriter();

  /// Starts a member; exactly `member.size` bytes must follow by write().
  Result<void> begin(const TarMember& member);
  Result<void> write(std::string_view bytes);
  /// Ends the archive and syncs. Returns the size of the file.
  Result<std::uint64_t> finish();

 private:
  struct State;
  explicit PackageWriter(std::unique_ptr<State> state);
  Result<void> pack(std::string_view bytes);
  Result<void> close_member();

  std::unique_ptr<State> state_;
};

/// Reads member after member. `corrupt` names the file: cut, a wrong checksum, not a package.
class PackageReader {
 public:
  static Result<PackageReader> open(const std::filesystem::path& path);
  PackageReader(PackageReader&&) noexcept;
  ~PackageReader();

  /// The next file; what was not read of the one before is skipped. Nothing at the end, which is
  /// then the proven end: the whole file was read and its checksum is right.
  Result<std::optional<TarMember>> next();
  /// Bytes of the current member; 0 when it is read.
  Result<std::size_t> read(std::span<char> into);

 private:
  struct State;
  explicit PackageReader(std::unique_ptr<State> state);
  Result<void> unpack(std::span<char> into);
  Result<std::size_t> unpack_some(std::span<char> into);
  Result<void> skip(std::uint64_t bytes);
  Result<std::string> read_name(std::uint64_t size);
  Result<void> read_to_end();

  std::unique_ptr<State> state_;
};

}  // namespace wl::storage
