// Reads archive files without a database.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/open_file.hpp"
#include "model/sample.hpp"

namespace wl::storage {

struct ArchiveFilter {
  std::vector<std::string> keys;  ///< Empty: every point.
  std::optional<Timestamp> from;  ///< Of the hour's end: hours that reach behind it.
  std::optional<Timestamp> to;    ///< Hours that start before it.
};

/// One point and hour: the places of its records, oldest first.
struct ArchivedHour {
  std::uint32_t key = 0;  ///< Index into ArchiveIndex::keys.
  Timestamp hour{};
  std::vector<std::uint64_t> offsets;
  std::uint64_t bytes = 0;  ///< Of the chunks, compressed.
};

/// Bytes that are no record any more.
struct ArchiveDamage {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  bool tail = false;  ///< The rest of an append that did not end: nothing is lost by it.
};

struct ArchiveIndex {
  std::vector<std::string> keys;    ///< In the order of the alphabet.
  std::vector<ArchivedHour> hours;  ///< By hour, then key.
  std::vector<ArchiveDamage> damage;
};

/// Reads one file while it may still grow. Memory: 64 bytes a point and hour that the filter takes,
/// and one chunk. One thread.
class ArchiveReader {
 public:
  /// `corrupt` or `conflict` with the path when it is not an archive that this program reads.
  static Result<ArchiveReader> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_.path(); }
  Result<ArchiveIndex> index(const ArchiveFilter& filter) const;
  /// The samples of one hour in the order of time; where several records have a sample of the same
  /// time, that of the newest record. `corrupt` names file and place. Their `point` is 0.
  Result<std::vector<Sample>> samples(const ArchivedHour& hour) const;

 private:
  explicit ArchiveReader(OpenFile file) : file_(std::move(file)) {}

  OpenFile file_;
};

/// Paths of the archive files in a directory, by name. Empty when there is none.
std::vector<std::filesystem::path> archive_files(const std::filesystem::path& directory);

}  // namespace wl::storage
