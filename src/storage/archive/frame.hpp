// The bytes of an archive file, and nothing else: no file, no clock. Internal to the room.
//
// Little-endian. A file is a header and then groups; a group is what one append() brought: records,
// closed by a seal. What lies behind the last seal was never acknowledged.
//
//   header  16: "WLAR", u8 version 1, 7 zeros, u32 CRC-32C of bytes 0 to 11
//   head    24: "WLRC", u16 key size, u16 zero, u32 body size, i64 hour (Unix ms),
//               u32 CRC-32C of bytes 0 to 19
//   record: head, key, body (a chunk), u32 CRC-32C of key and body
//   seal    24: "WLSL", u32 records, u64 offset of the group's first byte, u32 CRC-32C of the
//               group's bytes before the seal, u32 CRC-32C of bytes 0 to 19
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::storage::archive {

inline constexpr std::size_t header_bytes = 16;
inline constexpr std::size_t head_bytes = 24;  ///< Of a record's head and of a seal.
inline constexpr std::size_t trailer_bytes = 4;
inline constexpr std::size_t max_key_bytes = 1024;
/// Above anything that encode_chunk() makes; bounds what a hostile file makes a reader allocate.
inline constexpr std::size_t max_body_bytes = 32u << 20;

struct RecordHead {
  std::uint16_t key_size = 0;
  std::uint32_t body_size = 0;
  Timestamp hour{};

  /// Head, key, body and checksum.
  std::uint64_t size() const { return head_bytes + key_size + body_size + trailer_bytes; }
};

struct Seal {
  std::uint32_t records = 0;
  std::uint64_t group_start = 0;
  std::uint32_t group_crc = 0;
};

using Head = std::variant<RecordHead, Seal>;

std::string encode_header();
/// `corrupt`: not an archive; `conflict`: a newer program wrote it.
Result<void> check_header(std::string_view bytes);

/// Precondition: 1 to max_key_bytes of key, at most max_body_bytes of body.
std::string encode_record(std::string_view key, Timestamp hour, std::string_view body);
std::string encode_seal(const Seal& seal);

/// Nothing when these are not the first head_bytes of a record or a seal.
std::optional<Head> decode_head(std::string_view bytes);

std::uint32_t checksum(std::string_view bytes, std::uint32_t before = 0);

/// `key_and_body` followed by its checksum.
bool is_whole(std::string_view key_body_and_checksum);

}  // namespace wl::storage::archive
