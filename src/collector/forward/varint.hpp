// Small numbers in few bytes: what the record codec is made of.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace wl::collector {

inline void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

/// Zigzag: small in either direction. Every number fits.
inline void put_signed(std::string& out, std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  put_varint(out, (bits << 1) ^ (number < 0 ? ~std::uint64_t{0} : 0));
}

/// The step from one time to another, modulo 2^64: also times that make no sense come back.
inline void put_step(std::string& out, Timestamp from, Timestamp to) {
  const auto step =
      static_cast<std::uint64_t>(to_unix_ms(to)) - static_cast<std::uint64_t>(to_unix_ms(from));
  put_signed(out, static_cast<std::int64_t>(step));
}

template <class T>
void put_fixed(std::string& out, T number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

/// Takes the same apart. Beyond the end, and after bytes that are no number, everything is 0 and
/// failed() stays true.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = fixed<std::uint8_t>();
      number |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return number;
    }
    return give_up(), 0;
  }

  std::int64_t signed_number() {
    const std::uint64_t bits = number();
    return static_cast<std::int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~std::uint64_t{0} : 0));
  }

  /// Of put_step().
  Timestamp time_after(Timestamp before) {
    const auto step = static_cast<std::uint64_t>(signed_number());
    return from_unix_ms(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(to_unix_ms(before)) + step));
  }

  template <class T>
  T fixed() {
    T number{};
    if (rest_.size() < sizeof number) return give_up(), number;
    std::memcpy(&number, rest_.data(), sizeof number);
    rest_.remove_prefix(sizeof number);
    return number;
  }

  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) return give_up(), std::string();
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

 private:
  void give_up() {
    rest_ = {};
    failed_ = true;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace wl::collector
