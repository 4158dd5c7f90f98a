// When the line is planned to run, in UTC. Who implements it knows shifts and the plant's zone.
#pragma once

#include <vector>

#include "collector/ledger/alive_spans.hpp"

namespace wl::collector::oee {

using ledger::Span;

struct PlannedShift {
  Span time;               ///< From begin to end; both on a quarter hour, UTC.
  std::vector<Span> busy;  ///< `time` without its breaks, in order.
};

class PlannedTime {
 public:
  virtual ~PlannedTime() = default;
  /// All shifts that touch [from, to), in order; none overlaps another. Pure: the same range gives
  /// the same. Must not throw for any range up to a few years.
  virtual std::vector<PlannedShift> shifts(Timestamp from, Timestamp to) const = 0;
};

}  // namespace wl::collector::oee
