#include "plc/codegen/support/strings.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace wl::plc::support {
namespace {

/// Appends views to an `out` of limited capacity and ends it with NUL.
class Writer {
 public:
  Writer(char* out, std::uint32_t capacity) noexcept : out_(out), left_(capacity) {}
  ~Writer() { *out_ = '\0'; }
  Writer(const Writer&) = delete;

  Writer& operator<<(std::string_view part) noexcept {
    const std::size_t count = std::min(part.size(), left_);
    std::memcpy(out_, part.data(), count);
    out_ += count;
    left_ -= count;
    return *this;
  }

 private:
  char* out_;
  std::size_t left_;
};

std::size_t clamp_to(std::int64_t value, std::size_t highest) noexcept {
  if (value <= 0) return 0;
  return std::min(static_cast<std::size_t>(value), highest);
}

/// What stands before and after the part [position, position + length) of a 1-based string.
struct Cut {
  std::string_view before;
  std::string_view part;
  std::string_view after;
};

Cut cut(std::string_view text, std::int64_t length, std::int64_t position) noexcept {
  const std::size_t start = clamp_to(position - 1, text.size());
  const std::size_t count = clamp_to(length, text.size() - start);
  return {text.substr(0, start), text.substr(start, count), text.substr(start + count)};
}

}  // namespace

void string_assign(char* out, std::uint32_t capacity, const char* text) noexcept {
  // The one function whose operands may be the same variable: `s := s;`.
  const std::size_t count = ::strnlen(text, capacity);
  std::memmove(out, text, count);
  out[count] = '\0';
}

std::int32_t string_compare(const char* left, const char* right) noexcept {
  return std::strcmp(left, right);
}

std::int32_t string_length(const char* text) noexcept {
  return static_cast<std::int32_t>(std::strlen(text));
}

void string_concat(char* out, std::uint32_t capacity, const char* left,
                   const char* right) noexcept {
  Writer(out, capacity) << left << right;
}

void string_left(char* out, std::uint32_t capacity, const char* text,
                 std::int64_t length) noexcept {
  const std::string_view all = text;
  Writer(out, capacity) << all.substr(0, clamp_to(length, all.size()));
}

void string_right(char* out, std::uint32_t capacity, const char* text,
                  std::int64_t length) noexcept {
  const std::string_view all = text;
  Writer(out, capacity) << all.substr(all.size() - clamp_to(length, all.size()));
}

void string_mid(char* out, std::uint32_t capacity, const char* text, std::int64_t length,
                std::int64_t position) noexcept {
  Writer(out, capacity) << cut(text, length, position).part;
}

void string_insert(char* out, std::uint32_t capacity, const char* text, const char* inserted,
                   std::int64_t position) noexcept {
  const std::string_view all = text;
  const std::size_t at = clamp_to(position, all.size());
  Writer(out, capacity) << all.substr(0, at) << inserted << all.substr(at);
}

void string_delete(char* out, std::uint32_t capacity, const char* text, std::int64_t length,
                   std::int64_t position) noexcept {
  const Cut parts = cut(text, length, position);
  Writer(out, capacity) << parts.before << parts.after;
}

void string_replace(char* out, std::uint32_t capacity, const char* text, const char* replacement,
                    std::int64_t length, std::int64_t position) noexcept {
  const Cut parts = cut(text, length, position);
  Writer(out, capacity) << parts.before << replacement << parts.after;
}

std::int32_t string_find(const char* text, const char* part) noexcept {
  if (*part == '\0') return 0;
  const char* found = std::strstr(text, part);
  return found == nullptr ? 0 : static_cast<std::int32_t>(found - text + 1);
}

}  // namespace wl::plc::support
