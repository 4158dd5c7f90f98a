#include "web/http/json_writer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/check.hpp"

namespace wl::web {

double rounded(double value) {
  // Above 2^53/1000 a double has no three decimals to round.
  if (!(std::abs(value) < 9e12)) return value;
  const double scaled = std::round(value * 1000) / 1000;
  return scaled == 0 ? 0 : scaled;
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "null";
  char buffer[400];
  const auto [end, ec] =
      std::to_chars(buffer, buffer + sizeof buffer, rounded(value), std::chars_format::fixed);
  return ec == std::errc{} ? std::string(buffer, end) : "null";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

void JsonWriter::separate() {
  if (!first_) text_ += ',';
  first_ = false;
}

JsonWriter& JsonWriter::open(char first, char last) {
  separate();
  text_ += first;
  closers_.push_back(last);
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end() {
  WL_CHECK(!closers_.empty());
  text_ += closers_.back();
  closers_.pop_back();
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  text_ += quoted(name);
  text_ += ':';
  first_ = true;  // The value follows without a comma.
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

}  // namespace wl::web
