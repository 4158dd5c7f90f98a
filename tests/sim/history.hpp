// What the database holds at the end, read through the product's own Store.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "storage/store.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

/// Its samples were on the spool, and the spool was full.
bool is_dropped(const LinkInterval& gap);

struct History {
  std::array<std::vector<Sample>, points> samples;  ///< In time order.
  std::vector<LinkInterval> intervals;              ///< In time order, disjoint.
  std::vector<AlarmRow> alarms;

  /// The gap that covers some of [from, to]; null: there is none.
  const LinkInterval* gap_in(Timestamp from, Timestamp to) const;
};

/// `until`: everything before. `broke` of the world when it cannot be read.
History read_history(World& world, storage::CollectorStore& store, Timestamp until);

}  // namespace wl::sim
