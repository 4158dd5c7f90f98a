// What the OEE of a line must know of it: `oee` of plant.json with every default filled in.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/oee/piece_counter.hpp"
#include "model/plant.hpp"

namespace wl::collector::oee {

struct LineRules {
  std::string key;  ///< Of all points: a saved state of other points is not used.
  PointId state;
  PointId count;
  PointId reject;
  std::optional<PointId> product;
  std::vector<std::string> words;      ///< Of the state point, by code.
  std::vector<OeeElement> elements;    ///< By code of the state point.
  std::int64_t ideal_us = 36'000'000;  ///< Planned run time of a piece (PRI).
  std::vector<std::pair<std::int64_t, std::int64_t>> products;  ///< Code → PRI in µs.
  Milliseconds minor_stop{300'000};
  Milliseconds startup{0};
  Milliseconds free_break{0};
  PieceRules pieces;

  /// PRI while the product point shows `code`; of an unknown product that of the line.
  std::int64_t ideal_of(std::optional<std::int64_t> code) const;
  bool is_stop(std::int64_t code) const;
  bool is_known(std::int64_t code) const;
};

/// Nothing when the plant has no `oee`. `ideal_rate_per_hour`: THEORETICAL_PRODUCTION_RATE, used
/// where plant.json states none; more than 0.
std::optional<LineRules> line_rules(const Plant& plant, double ideal_rate_per_hour);

}  // namespace wl::collector::oee
