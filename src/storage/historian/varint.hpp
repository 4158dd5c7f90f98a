// Whole numbers as one to ten bytes, seven bits each, small ones short: LEB128.
#pragma once

#include <cstdint>
#include <string>

namespace wl::storage {

inline void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

/// Moves `at` behind the number. False when the bytes end before it does or it has more than 64
/// bits; `at` is then anywhere up to `end`.
inline bool take_varint(const char*& at, const char* end, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; at != end && shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(*at++);
    if (shift == 63 && byte > 1) return false;
    number |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

inline std::uint64_t to_zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}
inline std::int64_t from_zigzag(std::uint64_t coded) {
  return static_cast<std::int64_t>(coded >> 1) ^ -static_cast<std::int64_t>(coded & 1);
}

}  // namespace wl::storage
