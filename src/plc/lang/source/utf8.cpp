#include "plc/lang/source/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace wl::plc::lang {
namespace {

/// The form of a character by its first byte. length 0: no character begins so.
struct Form {
  std::size_t length;
  std::uint32_t smallest;  ///< A smaller value in this length is an overlong form.
};

Form form_of(unsigned char first) {
  if (first < 0x80) return {1, 0};
  if ((first & 0xE0U) == 0xC0) return {2, 0x80};
  if ((first & 0xF0U) == 0xE0) return {3, 0x800};
  if ((first & 0xF8U) == 0xF0) return {4, 0x1'0000};
  return {0, 0};
}

/// Bytes of the character in front; 0 when there is none.
std::size_t character_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const Form form = form_of(first);
  if (form.length <= 1 || form.length > text.size()) return form.length == 1 ? 1 : 0;
  std::uint32_t value = first & (0x7FU >> form.length);
  for (const char c : text.substr(1, form.length - 1)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80) return 0;
    value = value << 6U | (byte & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value < form.smallest || value > 0x10'FFFF || surrogate ? 0 : form.length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace wl::plc::lang
