#include "web/http/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
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

namespace {

/// Below, three decimals of a double are exactly what is nearest to it, in 15 digits or fewer: the
/// quick way prints what std::to_chars would.
constexpr double quick_below = 1e12;

void append_thousandths(std::string& out, double value) {
  auto thousandths = static_cast<std::int64_t>(std::round(value * 1000));
  char buffer[24];
  char* const end = buffer + sizeof buffer;
  char* begin = end;
  const bool negative = thousandths < 0;
  if (negative) thousandths = -thousandths;
  int decimals = 3;
  for (; decimals > 0 && thousandths % 10 == 0; --decimals) thousandths /= 10;
  for (int i = 0; i < decimals; ++i, thousandths /= 10)
    *--begin = static_cast<char>('0' + thousandths % 10);
  if (decimals > 0) *--begin = '.';
  do {
    *--begin = static_cast<char>('0' + thousandths % 10);
    thousandths /= 10;
  } while (thousandths > 0);
  if (negative) *--begin = '-';
  out.append(begin, end);
}

void append_number(std::string& out, double value) {
  if (std::abs(value) < quick_below) return append_thousandths(out, value);
  char buffer[400];
  const auto [end, ec] =
      std::to_chars(buffer, buffer + sizeof buffer, rounded(value), std::chars_format::fixed);
  if (!std::isfinite(value) || ec != std::errc{}) {
    out += "null";
  } else {
    out.append(buffer, end);
  }
}

bool needs_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::ranges::find_if(text, needs_escape) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const char c = text.front();
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    }
    text.remove_prefix(1);
  }
  out += '"';
}

}  // namespace

std::string number_text(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
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
  append_quoted(text_, name);
  text_ += ':';
  first_ = true;  // The value follows without a comma.
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_quoted(text_, value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  separate();
  append_number(text_, value);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

}  // namespace wl::web
