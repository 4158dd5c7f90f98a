#include "collector/ledger/alive_spans.hpp"

#include <algorithm>

namespace wl::collector::ledger {

Timestamp AliveSpans::add(Span span) {
  if (span.from >= span.to) return Timestamp::max();
  const auto first =
      std::lower_bound(spans_.begin(), spans_.end(), span.from - bridge_,
                       [](const Span& candidate, Timestamp time) { return candidate.to < time; });
  Timestamp changed = span.from;
  auto last = first;
  while (last != spans_.end() && last->from <= span.to + bridge_) {
    if (last->from <= changed) changed = last->to;
    span.from = std::min(span.from, last->from);
    span.to = std::max(span.to, last->to);
    ++last;
  }
  if (changed >= span.to) return Timestamp::max();
  spans_.insert(spans_.erase(first, last), span);
  if (spans_.size() <= limit) return changed;
  changed = std::min(changed, spans_.front().from);
  spans_.erase(spans_.begin());
  return changed;
}

void AliveSpans::forget_before(Timestamp time) {
  // The last one before stays: a proof just after `time` may bridge the hole to it.
  while (spans_.size() > 1 && spans_[1].to < time) spans_.erase(spans_.begin());
}

std::vector<Span> AliveSpans::within(Timestamp from, Timestamp to) const {
  std::vector<Span> parts;
  auto span =
      std::upper_bound(spans_.begin(), spans_.end(), from,
                       [](Timestamp time, const Span& candidate) { return time < candidate.to; });
  for (; span != spans_.end() && span->from < to; ++span)
    parts.push_back({std::max(from, span->from), std::min(to, span->to)});
  return parts;
}

}  // namespace wl::collector::ledger
