#include "plc/codegen/support/conversions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>

#include "plc/codegen/support/strings.hpp"

namespace wl::plc::support {
namespace {

/// Longest: `LTIME#213503d23h34m33s709ms551us615ns`.
using Scratch = std::array<char, 64>;

template <class Number>
void number_to_string(char* out, std::uint32_t capacity, Number value) noexcept {
  Scratch scratch{};
  std::to_chars(scratch.data(), scratch.data() + scratch.size() - 1, value);
  string_assign(out, capacity, scratch.data());
}

template <class Float>
void float_to_string(char* out, std::uint32_t capacity, Float value) noexcept {
  Scratch scratch{};
  const auto [end, error] =
      std::to_chars(scratch.data(), scratch.data() + scratch.size() - 3, value);
  const std::string_view text(scratch.data(), end);
  // Without a point the text would read back as an integer literal.
  if (text.find_first_not_of("-0123456789") == std::string_view::npos) std::strcpy(end, ".0");
  string_assign(out, capacity, scratch.data());
}

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

/// From the longest; `ms` stands before `m` and `s` so that a prefix match finds it first.
constexpr std::array<Unit, 7> reading_units{{{"ms", 1'000'000},
                                             {"us", 1'000},
                                             {"ns", 1},
                                             {"d", 86'400'000'000'000},
                                             {"h", 3'600'000'000'000},
                                             {"m", 60'000'000'000},
                                             {"s", 1'000'000'000}}};
constexpr std::array<Unit, 7> writing_units{{{"d", 86'400'000'000'000},
                                             {"h", 3'600'000'000'000},
                                             {"m", 60'000'000'000},
                                             {"s", 1'000'000'000},
                                             {"ms", 1'000'000},
                                             {"us", 1'000},
                                             {"ns", 1}}};

char* put(char* at, std::string_view text) noexcept {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

struct DurationStyle {
  std::string_view prefix;
  std::span<const Unit> units;
  std::uint64_t nanoseconds_per_count;
};

void duration_to_string(char* out, std::uint32_t capacity, std::uint64_t count,
                        const DurationStyle& style) noexcept {
  Scratch scratch{};
  char* at = put(scratch.data(), style.prefix);
  const std::uint64_t whole = count;
  for (const Unit& unit : style.units) {
    const std::uint64_t size = unit.nanoseconds / style.nanoseconds_per_count;
    const bool last = &unit == &style.units.back();
    if (count >= size || (last && whole == 0)) {
      at = std::to_chars(at, scratch.data() + scratch.size(), count / size).ptr;
      at = put(at, unit.name);
      count %= size;
    }
  }
  string_assign(out, capacity, scratch.data());
}

std::string_view skip_blanks(std::string_view text) noexcept {
  const std::size_t start = text.find_first_not_of(" \t");
  return start == std::string_view::npos ? std::string_view{} : text.substr(start);
}

bool same_letters(std::string_view text, std::string_view lower) noexcept {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

template <class Number>
Number read_number(const char* from, Number saturated) noexcept {
  std::string_view text = skip_blanks(from);
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range)
    return text.starts_with('-') ? std::numeric_limits<Number>::lowest() : saturated;
  return value;
}

const Unit* unit_at(std::string_view text) noexcept {
  for (const Unit& unit : reading_units)
    if (same_letters(text, unit.name)) return &unit;
  return nullptr;
}

}  // namespace

void bool_to_string(char* out, std::uint32_t capacity, bool value) noexcept {
  string_assign(out, capacity, value ? "TRUE" : "FALSE");
}
void signed_to_string(char* out, std::uint32_t capacity, std::int64_t value) noexcept {
  number_to_string(out, capacity, value);
}
void unsigned_to_string(char* out, std::uint32_t capacity, std::uint64_t value) noexcept {
  number_to_string(out, capacity, value);
}
void real_to_string(char* out, std::uint32_t capacity, float value) noexcept {
  float_to_string(out, capacity, value);
}
void lreal_to_string(char* out, std::uint32_t capacity, double value) noexcept {
  float_to_string(out, capacity, value);
}

void time_to_string(char* out, std::uint32_t capacity, std::uint64_t milliseconds) noexcept {
  const std::span<const Unit> units(writing_units);
  duration_to_string(out, capacity, milliseconds, {"T#", units.first(5), 1'000'000});
}
void ltime_to_string(char* out, std::uint32_t capacity, std::int64_t nanoseconds) noexcept {
  const auto bits = static_cast<std::uint64_t>(nanoseconds);
  const bool negative = nanoseconds < 0;
  duration_to_string(out, capacity, negative ? 0 - bits : bits,
                     {negative ? "LTIME#-" : "LTIME#", writing_units, 1});
}

bool string_to_bool(const char* text) noexcept {
  const std::string_view all = text;
  return all == "1" || (all.size() == 4 && same_letters(all, "true"));
}
std::int64_t string_to_signed(const char* text, std::uint32_t bits) noexcept {
  const std::int64_t high = std::numeric_limits<std::int64_t>::max() >> (64 - bits);
  const auto value = read_number(text, std::numeric_limits<std::int64_t>::max());
  return std::clamp(value, -high - 1, high);
}
std::uint64_t string_to_unsigned(const char* text, std::uint32_t bits) noexcept {
  const std::uint64_t high = std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
  if (skip_blanks(text).starts_with('-')) return 0;
  return std::min(read_number(text, std::numeric_limits<std::uint64_t>::max()), high);
}
double string_to_lreal(const char* text) noexcept {
  return read_number(text, std::numeric_limits<double>::infinity());
}

std::int64_t string_to_duration(const char* from) noexcept {
  constexpr double longest = 9.2e18;
  std::string_view text = skip_blanks(from);
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos)
    text.remove_prefix(hash + 1);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  double total = 0;
  while (!text.empty() && total < longest) {
    double count = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), count, std::chars_format::fixed);
    if (error != std::errc{} || count < 0) break;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const Unit* unit = unit_at(text);
    if (unit == nullptr) break;
    text.remove_prefix(unit->name.size());
    if (text.starts_with('_')) text.remove_prefix(1);
    total += count * static_cast<double>(unit->nanoseconds);
  }
  const auto whole = static_cast<std::int64_t>(std::min(total, longest));
  return negative ? -whole : whole;
}

}  // namespace wl::plc::support
