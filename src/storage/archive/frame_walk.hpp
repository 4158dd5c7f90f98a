// Goes through the records of an archive file, whatever state the file is in. Internal to the room.
#pragma once

#include <string>

#include "base/open_file.hpp"
#include "storage/archive/frame.hpp"

namespace wl::storage::archive {

/// What stands at one place of the file.
struct Frame {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  ///< The next frame starts at offset + size.
  enum class Kind {
    record,
    seal,
    damage,  ///< Bytes that are neither; a whole head follows them.
    tail,    ///< The same, and nothing follows: the rest of an append that did not end.
  } kind = Kind::record;
  RecordHead record;  ///< For a record.
  Seal seal;          ///< For a seal.
};

/// Reads heads and skips bodies, so the cost is that of a read a record. The file may grow
/// meanwhile: what was there when the walk began is walked.
class FrameWalk {
 public:
  /// `file` must outlive the walk. Starts at `offset`, normally header_bytes.
  static Result<FrameWalk> from(const OpenFile& file, std::uint64_t offset);

  /// Nothing at the end of the file.
  Result<std::optional<Frame>> next();

 private:
  FrameWalk(const OpenFile& file, std::uint64_t at, std::uint64_t end)
      : file_(&file), at_(at), end_(end) {}

  /// The frame whose head is at `offset`, when one is there and fits into the file.
  Result<std::optional<Frame>> frame_at(std::uint64_t offset) const;
  Result<Frame> skip_damage() const;

  const OpenFile* file_;
  std::uint64_t at_;
  std::uint64_t end_;
};

/// Key and body of a record whose checksum is right; `corrupt` when it is not.
struct RecordContent {
  std::string key;
  std::string body;
};
Result<RecordContent> read_record(const OpenFile& file, const Frame& frame);

}  // namespace wl::storage::archive
