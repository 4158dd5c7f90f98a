// A part of history as a person names it, as values.
#pragma once

#include <optional>
#include <vector>

#include "apps/settings/settings.hpp"
#include "apps/wattline/keeping.hpp"
#include "model/plant.hpp"

namespace wl::command {

/// config/plant.json. Throws StartError with every mistake in it.
Plant read_plant(const Settings& settings);

struct HistoryPart {
  std::vector<PointId> points;    ///< Of the plant; all of them when none were named.
  std::vector<std::string> keys;  ///< As named; empty when none were.
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
};

/// Throws StartError: an unknown point, with the nearest known one; a time that is none.
HistoryPart parse_part(const HistoryWords& words, const Plant& plant);

/// Only the times and the keys, for places that know no plant.
HistoryPart parse_part(const HistoryWords& words);

}  // namespace wl::command
