#include "storage/rollup/alive_timeline.hpp"

namespace wl::storage {

AliveTimeline::AliveTimeline(std::span<const LinkInterval> intervals) {
  for (const LinkInterval& interval : intervals) add(interval);
}

void AliveTimeline::add(const LinkInterval& interval) {
  if (!interval.alive || interval.to <= interval.from) return;
  // Those that `interval` touches, [first, last), become one with it.
  const auto first = std::ranges::lower_bound(spans_, interval.from, {}, &Span::to);
  const auto last = std::ranges::upper_bound(first, spans_.end(), interval.to, {}, &Span::from);
  if (first == last) {
    spans_.insert(first, Span{interval.from, interval.to});
    return;
  }
  first->from = std::min(first->from, interval.from);
  first->to = std::max((last - 1)->to, interval.to);
  spans_.erase(first + 1, last);
}

void AliveTimeline::forget_before(Timestamp time) {
  spans_.erase(spans_.begin(), std::ranges::upper_bound(spans_, time, {}, &Span::to));
}

std::int64_t AliveTimeline::alive_in_spans(Timestamp from, Timestamp to) const {
  std::int64_t alive = 0;
  for (auto span = std::ranges::upper_bound(spans_, from, {}, &Span::to);
       span != spans_.end() && span->from < to; ++span)
    alive += (std::min(to, span->to) - std::max(from, span->from)).count();
  return alive;
}

}  // namespace wl::storage
