#include "base/utf8.hpp"

#include <fmt/format.h>

#include <iterator>

namespace wl {
namespace {

/// The code point of a sequence of two or three bytes that utf8_sequence() took.
unsigned code_point(std::string_view sequence) {
  const auto bits = [sequence](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(sequence[at]));
  };
  if (sequence.size() == 2) return ((bits(0) & 0x1fU) << 6) | (bits(1) & 0x3fU);
  return ((bits(0) & 0x0fU) << 12) | ((bits(1) & 0x3fU) << 6) | (bits(2) & 0x3fU);
}

/// Moves the cursor, ends a line or turns the direction of writing.
bool steers(unsigned point) {
  return point < 0xa0 || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x200e || point == 0x200f;
}

void append_byte(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if ((byte < 0x20 && c != '\t') || byte >= 0x7f) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
  } else {
    out += c;
  }
}

}  // namespace

std::size_t utf8_sequence(std::string_view text) {
  const auto byte = [text](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const auto follows = [&](std::size_t at) { return (byte(at) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (text.empty()) return 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4 || !follows(1)) return 0;
  if (first < 0xe0) return 2;
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || !follows(2)) return 0;
  if (first < 0xf0) return 3;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) || !follows(3)) return 0;
  return 4;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t most_bytes) {
  if (text.size() <= most_bytes) return text;
  while (most_bytes > 0 && (static_cast<unsigned char>(text[most_bytes]) & 0xc0U) == 0x80U)
    --most_bytes;
  return text.substr(0, most_bytes);
}

std::string one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_sequence(text);
    if (length <= 1) {
      append_byte(out, text.front());
      text.remove_prefix(1);
      continue;
    }
    const std::string_view sequence = text.substr(0, length);
    if (length <= 3 && steers(code_point(sequence))) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code_point(sequence));
    } else {
      out += sequence;
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace wl
