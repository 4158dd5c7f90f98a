// The archive on disk: one file a month, `2026-11.wlchunk`, that only ever grows.
#pragma once

#include <filesystem>
#include <optional>

#include "base/open_file.hpp"
#include "storage/archive/chunk_archive.hpp"

namespace wl::storage {

/// `2026-11.wlchunk` by the UTC month of the hour; hours before the year 0 or after 9999, which
/// only a wrong clock gives, go to `other.wlchunk`.
std::string archive_file_name(Timestamp hour);

/// Writes `<directory>/<archive_file_name>`, mode 0600, locked against a second writer. After a
/// crash the rest of an append that did not end is cut off before the next one; whole records are
/// never cut, nor is damage that has whole records behind it (a reader names it).
class FileArchive : public ChunkArchive {
 public:
  /// The directory is made by the first append.
  explicit FileArchive(std::filesystem::path directory) : directory_(std::move(directory)) {}

  Result<void> append(Timestamp hour, std::span<const NamedChunk> chunks) override;

 private:
  struct Open {
    OpenFile file;
    std::uint64_t end;  ///< Where the next group starts.
  };

  Result<void> open_for(Timestamp hour);
  Result<Open> open_file(const std::filesystem::path& path) const;

  std::filesystem::path directory_;
  std::optional<Open> open_;
};

}  // namespace wl::storage
