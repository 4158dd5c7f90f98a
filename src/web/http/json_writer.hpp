// Writes JSON bodies. Boost.JSON would print 2.93 as 2.9300000000000002E0.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wl::web {

/// A number as people expect it: rounded to 3 decimals (the meters' resolution), without trailing
/// zeros; `null` when it is not finite.
std::string number_text(double value);
/// The same rounding as a number, so that every way out shows the same figure.
double rounded(double value);
/// A JSON string with its quotes.
std::string quoted(std::string_view text);

/// Keeps track of commas; the caller opens and closes. `{`: object(), `}`: end().
class JsonWriter {
 public:
  JsonWriter& object() { return open('{', '}'); }
  JsonWriter& array() { return open('[', ']'); }
  JsonWriter& end();
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& number(double value);
  JsonWriter& integer(std::int64_t value) { return raw(std::to_string(value)); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  /// A value that is JSON already.
  JsonWriter& raw(std::string_view json);

  /// For a long body: room for so many bytes at once, instead of a copy at each doubling.
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  /// Precondition: everything opened was ended.
  std::string take() { return std::move(text_); }

 private:
  JsonWriter& open(char first, char last);
  void separate();

  std::string text_;
  std::vector<char> closers_;
  bool first_ = true;
};

}  // namespace wl::web
