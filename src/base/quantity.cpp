#include "base/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <span>
#include <string>
#include <utility>

namespace wl {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Splits "64 MB" into 64 and "mb", and scales. `known` is what an error tells the user.
Result<double> scaled(std::string_view text, std::span<const Unit> units, double bare_factor,
                      std::string_view known) {
  double number{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto refuse = [&] {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is not a number with a unit ({})", text, known));
  };
  if (ec != std::errc{} || !std::isfinite(number) || number < 0) return refuse();
  std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  if (rest.empty()) return number * bare_factor;
  const std::string name = lowered(rest);
  const auto unit = std::ranges::find(units, std::string_view(name), &Unit::name);
  if (unit == units.end()) return refuse();
  return number * unit->factor;
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text,
                                                 std::chrono::milliseconds bare_unit) {
  static constexpr std::array units{Unit{"ms", 1},      Unit{"s", 1e3},    Unit{"sec", 1e3},
                                    Unit{"m", 60e3},    Unit{"min", 60e3}, Unit{"h", 3600e3},
                                    Unit{"d", 86'400e3}};
  const auto ms = scaled(text, units, double(bare_unit.count()), "ms, s, min, h or d");
  if (!ms) return std::unexpected(ms.error());
  if (*ms > 1e15) return fail(Errc::invalid_argument, fmt::format("'{}' is too long", text));
  return std::chrono::milliseconds{std::llround(*ms)};
}

Result<std::uint64_t> parse_bytes(std::string_view text, std::uint64_t bare_unit) {
  static constexpr std::array units{
      Unit{"b", 1},      Unit{"kb", 1e3},       Unit{"mb", 1e6},         Unit{"gb", 1e9},
      Unit{"kib", 1024}, Unit{"mib", 1048576.}, Unit{"gib", 1073741824.}};
  const auto bytes = scaled(text, units, double(bare_unit), "B, kB, MB, GB, KiB, MiB or GiB");
  if (!bytes) return std::unexpected(bytes.error());
  if (*bytes > 1e15) return fail(Errc::invalid_argument, fmt::format("'{}' is too much", text));
  return static_cast<std::uint64_t>(std::llround(*bytes));
}

Result<bool> parse_bool(std::string_view text) {
  const std::string word = lowered(text);
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return fail(Errc::invalid_argument, fmt::format("'{}' is neither True nor False", text));
}

Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low, std::int64_t high) {
  std::int64_t value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) {
    return fail(Errc::invalid_argument, fmt::format("'{}' is not a whole number", text));
  }
  if (value < low || value > high) {
    return fail(Errc::invalid_argument, fmt::format("{} is outside {} to {}", value, low, high));
  }
  return value;
}

}  // namespace wl
