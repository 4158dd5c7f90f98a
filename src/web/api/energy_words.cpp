#include "web/api/energy_words.hpp"

#include <fmt/format.h>

#include <array>

namespace wl::web {

using storage::Interval;

std::size_t least_buckets(Interval interval, const TimeRange& range) {
  constexpr std::array<Milliseconds, 6> longest{
      std::chrono::minutes{1}, std::chrono::minutes{15}, std::chrono::hours{1},
      std::chrono::hours{25},  std::chrono::hours{169},  std::chrono::hours{31 * 24 + 1}};
  const Milliseconds length = longest[static_cast<std::size_t>(interval)];
  return static_cast<std::size_t>(range.length() / length);
}

Problem too_many_buckets(Interval interval) {
  return problems::bad_request(
      fmt::format("参数 interval 无效:{} 在该时间段内超过 2000 个区间,请选择更长的区间、auto "
                  "或更短的时间段",
                  word_of(interval)),
      fmt::format("parameter interval: {} has more than 2,000 buckets in this time range: choose a "
                  "longer one, auto, or a shorter range",
                  word_of(interval)));
}

Interval ledger_interval(const TimeRange& range, std::size_t max_buckets) {
  using enum Interval;
  // At their shortest, and one more at each end for buckets that stick out.
  constexpr std::array<std::pair<Interval, Milliseconds>, 4> shortest{
      {{quarter, std::chrono::minutes{15}},
       {hour, std::chrono::hours{1}},
       {day, std::chrono::hours{22}},
       {week, std::chrono::hours{166}}}};
  for (const auto& [interval, length] : shortest)
    if (static_cast<std::size_t>(range.length() / length) + 2 <= max_buckets) return interval;
  return month;
}

}  // namespace wl::web
