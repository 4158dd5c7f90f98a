// What every part of the simulation shares.
#pragma once

#include <string>
#include <string_view>

#include "model/plant.hpp"
#include "tests/sim/bug.hpp"
#include "tests/sim/crash_plan.hpp"
#include "tests/sim/faults.hpp"
#include "tests/sim/sim_clock.hpp"
#include "tests/sim/trace.hpp"
#include "tests/sim/truth.hpp"

namespace wl::sim {

inline constexpr PointId power_point{0};
inline constexpr PointId energy_point{1};
inline constexpr PointId serial_point{2};
inline constexpr std::size_t points = 3;

/// How dense the simulated plant is. Coarser than a real one, so that a day costs a second; the
/// product's own options are set to match.
namespace pace {
inline constexpr Milliseconds scan{1000};         ///< Around a fault.
inline constexpr Milliseconds slow_scan{30'000};  ///< When nothing happens.
inline constexpr Milliseconds publishing{400};
inline constexpr Milliseconds keep_alive{8000};
inline constexpr Milliseconds silence{9900};  ///< Without a sign of life the link is dead.
inline constexpr Milliseconds record{500};
inline constexpr Milliseconds proof{15'000};
inline constexpr Milliseconds tick{30'000};
inline constexpr Milliseconds batch{300'000};
}  // namespace pace

struct World {
  SimClock clock;
  Trace trace;
  FaultCounts faults;
  CrashPlan crashes;
  Truth truth;
  Plant plant;
  Bug bug = Bug::none;
  std::string broken;  ///< The first claim that did not hold.
  Milliseconds broken_at{};

  void broke(std::string what) {
    if (!broken.empty()) return;
    broken = std::move(what);
    broken_at = clock.now;
  }
  void note(std::string_view what, std::uint64_t a = 0, std::uint64_t b = 0,
            std::string_view text = {}) {
    trace.note(clock.now, what, a, b, text);
  }
};

/// One device `conveyor` (rated 20 kW) with power and energy, and the line's scan serial.
Plant sim_plant();

}  // namespace wl::sim
