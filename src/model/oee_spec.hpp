// How the OEE of the line is computed: the member `oee` of plant.json, as values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/oee.hpp"
#include "model/shift_calendar.hpp"

namespace wl {

struct Plant;

/// A kind of piece with an ideal cycle of its own.
struct OeeProduct {
  std::string name;
  std::int64_t code = 0;  ///< The product point's value while it is made.
  double ideal_cycle_s = 0;
};

struct OeeSpec {
  DeviceId device;  ///< The line, or its bottleneck: a serial line is rated by that.
  PointId state;    ///< Kind state.
  PointId count;    ///< Pieces made, good and bad; counts up.
  PointId reject;   ///< Of these, the bad ones; counts up.
  std::optional<double> ideal_rate_per_hour;  ///< Nothing: THEORETICAL_PRODUCTION_RATE.
  std::optional<PointId> product;             ///< Says which of `products` is made.
  std::vector<OeeProduct> products;
  double count_modulus = 4294967296;  ///< Where both counters begin at 0 again.
  Milliseconds minor_stop{300'000};   ///< A shorter stop is a minor one.
  Milliseconds startup{0};  ///< Rejects this long after a longer stop are start-up rejects.
  /// Of each shift: idle stops up to this count as break, for lines that take theirs when it suits.
  Milliseconds free_break{0};
  std::vector<OeeElement> states;  ///< By code of the state point: running, breakdown, setup, idle.
  ShiftCalendar calendar;
};

/// `devices` and `points` of the plant are read. Nothing: the file has no `oee`.
std::optional<OeeSpec> read_oee_spec(const JsonCursor& root, const Plant& plant);

}  // namespace wl
