// Sample and hold: from stored changes and the proof of life to one row a tick.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/link_interval.hpp"
#include "model/sample.hpp"
#include "storage/store.hpp"

namespace wl::web {

/// The time that is asked for, and what is known about the recording.
struct HistoryWindow {
  Timestamp from{};         ///< Inclusive.
  Timestamp to{};           ///< Exclusive.
  Milliseconds tick{1000};  ///< DATA_COLLECTION_INTERVAL.
  /// The first sample ever stored: before it there is no gap, there was nothing.
  std::optional<Timestamp> recorded_from;
  /// Batches may still be on their way for what is younger: not a gap.
  Timestamp settled_until{};
};

/// Time in which nothing is known.
struct Gap {
  Timestamp from{};
  Timestamp to{};
  std::string cause;

  bool operator==(const Gap&) const = default;
};

/// Ticks first, first + tick, … inside one stretch that was alive.
struct TickRun {
  Timestamp first{};
  std::uint64_t count = 0;
};

/// Which rows a window has. Ticks stand on multiples of the tick since 1970, so that pages of
/// different windows agree.
struct TickPlan {
  std::vector<TickRun> runs;  ///< In time order.
  std::vector<Gap> gaps;      ///< In time order.
  std::uint64_t total = 0;    ///< Rows over all runs.
};

/// `intervals` in time order, as Store::read_raw returns them.
TickPlan plan_ticks(const HistoryWindow& window, const std::vector<LinkInterval>& intervals);

/// The times of rows [offset, offset + limit).
std::vector<Timestamp> ticks_of(const TickPlan& plan, Milliseconds tick, std::uint64_t offset,
                                std::uint64_t limit);

/// One tick: for every series the sample that held then; nothing when none was known yet.
struct HeldRow {
  Timestamp timestamp{};
  std::vector<std::optional<Sample>> values;  ///< In the order of the series.
};

/// `ticks` ascending. A sample at exactly the tick's time counts.
std::vector<HeldRow> held_rows(const std::vector<Timestamp>& ticks,
                               const std::vector<storage::RawSeries>& series);

}  // namespace wl::web
