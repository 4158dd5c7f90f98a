// OEE of the line by ISO 22400-2: quarter hours of time and pieces that add up to any range, and
// the stops. Ratios are made when they are read, from sums; never a mean of percentages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace wl {

/// Length of an OEE quarter; starts are multiples of it since 1970, UTC.
inline constexpr Milliseconds oee_quarter_length{900'000};

/// What planned time was used for. The numbers are stored: never change them.
enum class OeeElement : std::uint8_t {
  running = 0,     ///< The line produced.
  minor_stop = 1,  ///< Stood for less than `minor_stop_s`, whatever the reason.
  breakdown = 2,   ///< Stood longer, in a state that is a fault.
  setup = 3,       ///< Stood longer, in a state that is setup.
  idle = 4,        ///< Stood longer, no fault: no material, no order, switched off.
  unknown = 5,     ///< Nobody saw it: the link was not alive or the state was bad. Not downtime.
};

/// Of one quarter hour or of any sum of them. Times in ms, all of planned time that has passed.
/// running + minor_stop + breakdown + setup + idle + unknown = planned, exactly.
struct OeeSums {
  std::int64_t planned_ms = 0;  ///< Planned busy time (PBT): shifts without breaks.
  std::int64_t running_ms = 0;
  std::int64_t minor_stop_ms = 0;
  std::int64_t breakdown_ms = 0;
  std::int64_t setup_ms = 0;
  std::int64_t idle_ms = 0;
  std::int64_t unknown_ms = 0;
  std::int64_t free_break_ms = 0;  ///< Idle time that the break allowance took out of `planned`.

  std::int64_t produced = 0;  ///< All pieces of the counter, also those nobody planned or saw.
  std::int64_t rejected = 0;
  std::int64_t rated_produced = 0;          ///< Of these, made in planned time that was seen: PQ.
  std::int64_t rated_rejected = 0;          ///< PQ - GQ.
  std::int64_t rated_startup_rejected = 0;  ///< Of these, soon after a longer stop.
  /// Ideal time of the rated pieces in whole µs, so that sums are exact: Σ PRI·PQ, Σ PRI·GQ, and
  /// of the start-up rejects. GQ of a quarter may be below 0: a reject is counted when it is found.
  std::int64_t ideal_produced_us = 0;
  std::int64_t ideal_good_us = 0;
  std::int64_t ideal_startup_us = 0;

  OeeSums& operator+=(const OeeSums& other);
  bool operator==(const OeeSums&) const = default;
};

/// All of one quarter as it is now known. Absolute: it replaces what was stored for `start`.
struct OeeQuarter {
  Timestamp start{};
  OeeSums sums;

  bool operator==(const OeeQuarter&) const = default;
};

/// A time in which the line stood though it was planned to run. `start` is its identity.
struct OeeStop {
  Timestamp start{};
  std::optional<Timestamp> end;                 ///< Nothing: it goes on.
  OeeElement element = OeeElement::minor_stop;  ///< Of a longer one: what took most of it.
  std::string state;                            ///< Word of that state: `fault`, `standby`.
  std::int64_t length_ms = 0;                   ///< Up to now when it goes on.

  bool operator==(const OeeStop&) const = default;
};

/// What one batch changes. Stored in one transaction with the batch it comes from.
struct OeeEntries {
  std::vector<OeeQuarter> quarters;  ///< Only those that changed, by start.
  /// Stops from here on are replaced by `stops`; nothing: no stop changed.
  std::optional<Timestamp> stops_from;
  std::vector<OeeStop> stops;  ///< By start.
};

/// The ratios of ISO 22400, 0 to 1; nothing where a denominator is 0. Time that nobody saw is in
/// neither numerator nor denominator.
struct OeeRatios {
  std::optional<double> availability;  ///< APT / PBT. Minor stops are in APT: P carries them.
  std::optional<double> performance;   ///< Σ PRI·PQ / APT; above 1 the ideal rate is too low.
  std::optional<double> quality;       ///< Σ PRI·GQ / Σ PRI·PQ; of one product GQ / PQ.
  std::optional<double> oee;           ///< Σ PRI·GQ / PBT
  bool performance_flag = false;       ///< performance > 1: PRI is suspicious. Never clamped.
  double coverage = 0;                 ///< Part of the planned time that was seen, 0 to 1.
};

/// Planned time that was seen.
constexpr std::int64_t seen_planned_ms(const OeeSums& sums) {
  return sums.planned_ms - sums.unknown_ms;
}
/// Actual production time (APT): running and minor stops.
constexpr std::int64_t production_ms(const OeeSums& sums) {
  return sums.running_ms + sums.minor_stop_ms;
}
OeeRatios ratios_of(const OeeSums& sums);

/// `running`, `minor_stop`, `breakdown`, `setup`, `idle`, `unknown`.
std::string_view word_of(OeeElement element);

}  // namespace wl
