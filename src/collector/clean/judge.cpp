#include "collector/clean/judge.hpp"

#include <cmath>

namespace wl::collector {
namespace {

/// From here on a double does not tell neighbouring integers apart.
constexpr std::int64_t longest_integer = std::int64_t{1} << 53;

bool is_too_long(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return *whole > longest_integer || *whole < -longest_integer;
  const auto* positive = std::get_if<std::uint64_t>(&value);
  return positive && *positive > std::uint64_t{longest_integer};
}

bool is_in_range(const PointSpec& point, double number) {
  const bool has_word = point.kind != PointKind::state || number == std::floor(number);
  return has_word && number >= point.low && number <= point.high;
}

Judgement doubted(std::optional<double> number, CleaningReason reason) {
  return {number, words_of(reason).status, reason};
}

}  // namespace

Judgement judge(const PointSpec& point, const DataValue& value) {
  if (value.quality.is_bad()) return {std::nullopt, value.quality, CleaningReason::source_bad};
  const auto number = to_number(value.value);
  if (!number) return doubted(std::nullopt, CleaningReason::wrong_type);
  if (!std::isfinite(*number)) return doubted(std::nullopt, CleaningReason::not_finite);
  if (value.quality.is_uncertain())
    return {number, value.quality, CleaningReason::source_uncertain};
  if (is_too_long(value.value)) return doubted(number, CleaningReason::too_long);
  if (!is_in_range(point, *number)) return doubted(number, CleaningReason::out_of_range);
  return {number, value.quality, std::nullopt};
}

}  // namespace wl::collector
