// Bytes of a spool segment: a header, records, and a seal when it is complete. Pure.
//
// All numbers are little-endian. A segment `NNNNNNNN.wlspool`:
//   header  40 bytes  magic, version and their checksum (the same in every version), then the
//                     number, `after_seq` and a checksum
//   record  32 + size magic, size, seq, durable_seq, checksum of the payload, checksum of the head
//   seal    32        the head of a record without payload; `size` is its own place in the file
// The checksums of heads begin with the segment's number, so that a segment under another number is
// not taken for what it is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wl::storage::spool {

inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t prelude_bytes = 16;  ///< The part that every version has.
inline constexpr std::size_t header_bytes = 40;
inline constexpr std::size_t head_bytes = 32;
inline constexpr std::size_t max_record_bytes = 16u << 20;

struct Header {
  std::uint64_t number = 0;
  /// The last durable seq when the segment was begun: the segments before it hold nothing newer
  /// that counts, and what they lack up to here is lost.
  std::uint64_t after_seq = 0;
};

struct Head {
  enum class Kind { record, seal };
  Kind kind = Kind::record;
  std::uint32_t size = 0;  ///< Of the payload; of a seal: its own offset in the file.
  std::uint64_t seq = 0;   ///< Of a seal: of the last record.
  /// What was known to be durable when this was appended. It tells a record that decayed on the
  /// disk (it was durable: a loss) from one that never got there.
  std::uint64_t durable_seq = 0;
  std::uint32_t payload_crc = 0;
};

enum class HeaderState {
  whole,
  newer,    ///< Of a later version of the program.
  damaged,  ///< Ours, but not as it was written; or made when the power went.
  foreign,  ///< Somebody else's file.
};

struct ReadHeader {
  HeaderState state = HeaderState::damaged;
  Header header;
};

std::string encode_header(const Header& header);
/// `bytes`: the first header_bytes of the file, fewer when it is shorter.
ReadHeader decode_header(std::string_view bytes, std::uint64_t number);

std::string encode_head(const Head& head, std::uint64_t number);
/// None when the bytes are not a head of this segment.
std::optional<Head> decode_head(std::string_view bytes, std::uint64_t number);

/// Appends head and payload to `to`. `payload` holds at most max_record_bytes.
void append_record(std::string& to, Head head, std::string_view payload, std::uint64_t number);
std::uint32_t payload_checksum(std::string_view payload);

/// The newest durable_seq that any whole head in `bytes` vouches for, and the newest seq; 0: none.
struct Vouched {
  std::uint64_t durable_seq = 0;
  std::uint64_t seq = 0;
};
Vouched search_heads(std::string_view bytes, std::uint64_t number);

/// One entry of the mark file (32 bytes): how far the records were released or dropped.
struct Mark {
  std::uint64_t released = 0;    ///< The database has everything up to here.
  std::uint64_t dropped_to = 0;  ///< The last seq that was dropped because the spool was full.
};
inline constexpr std::size_t mark_bytes = 32;
std::string encode_mark(const Mark& mark);
std::optional<Mark> decode_mark(std::string_view bytes);

/// `00000042.wlspool`.
std::string segment_name(std::uint64_t number);
std::optional<std::uint64_t> segment_number(std::string_view name);
inline constexpr std::uint64_t max_segment_number = 99'999'999;

}  // namespace wl::storage::spool
