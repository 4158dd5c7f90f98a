#include "tests/sim/history.hpp"

#include <algorithm>

namespace wl::sim {
namespace {
constexpr std::chrono::hours margin{3};  ///< Clocks that were set back.
constexpr std::uint32_t most_samples = 50'000'000;
}  // namespace

bool is_dropped(const LinkInterval& gap) {
  return gap.cause.starts_with("samples were dropped");
}

const LinkInterval* History::gap_in(Timestamp from, Timestamp to) const {
  auto at = std::ranges::upper_bound(intervals, from, {}, &LinkInterval::to);
  for (; at != intervals.end() && at->from <= to; ++at)
    if (!at->alive) return &*at;
  return nullptr;
}

History read_history(World& world, storage::CollectorStore& store, Timestamp until) {
  History history;
  storage::RawQuery query{.points = {power_point, energy_point, serial_point},
                          .from = epoch - margin,
                          .to = until + margin,
                          .limit = most_samples};
  auto answer = store.read_raw(query);
  if (!answer) {
    world.broke("the history cannot be read: " + answer.error().what);
    return history;
  }
  if (answer->cut) world.broke("the history is longer than is read at once");
  for (storage::RawSeries& series : answer->series)
    history.samples[series.point.value] = std::move(series.samples);
  history.intervals = std::move(answer->intervals);
  return history;
}

}  // namespace wl::sim
