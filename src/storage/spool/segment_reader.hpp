// One record after another from a segment, each proven by its checksums.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/spool/files.hpp"
#include "storage/spool/frame.hpp"

namespace wl::storage::spool {

/// Reads ahead in pieces of 1 MiB. One thread; `files` outlives it.
class SegmentReader {
 public:
  struct Step {
    enum class Kind {
      record,
      end,         ///< Of what is to be read, or a seal.
      damaged,     ///< The bytes at `offset` are not what was written.
      unreadable,  ///< The disk refused to say; trying again may help.
    };
    Kind kind = Kind::end;
    std::uint64_t offset = 0;  ///< Where the record begins.
    std::uint64_t seq = 0;     ///< Of the record; else of the last one that was whole.
    std::string_view payload;  ///< Valid until the next call.
    std::string why;           ///< Of damaged and unreadable.
  };

  /// Begins behind the header; `after_seq` of the header: every seq must be above.
  SegmentReader(SpoolFiles& files, std::uint64_t number, std::uint64_t after_seq)
      : files_(&files), number_(number), last_seq_(after_seq) {}

  /// Steps over the record at the current place. `end`: where the bytes that count end. A step
  /// that is damaged or unreadable is not stepped over.
  Step next(std::uint64_t end);
  std::uint64_t number() const { return number_; }
  std::uint64_t offset() const { return at_; }

 private:
  /// Makes `size` bytes from at_ on available; false: the file is shorter.
  Result<bool> have(std::size_t size, std::uint64_t end);
  std::string_view window() const;

  SpoolFiles* files_;
  std::uint64_t number_;
  std::uint64_t last_seq_;
  std::uint64_t at_ = header_bytes;
  std::string buffer_;
  std::uint64_t buffer_at_ = 0;
};

}  // namespace wl::storage::spool
