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

/// How dense the simulated plant is; the product's own options are set to match.
struct Pace {
  Milliseconds scan{1000};         ///< Around a fault.
  Milliseconds slow_scan{30'000};  ///< When nothing happens.
  Milliseconds publishing{400};
  Milliseconds keep_alive{8000};
  Milliseconds silence{9900};  ///< Without a sign of life the link is dead.
  Milliseconds record{500};
  Milliseconds proof{15'000};
  Milliseconds tick{30'000};
  Milliseconds batch{290'000};
  Milliseconds link_low{2};  ///< Delay of a message on a link that is well.
  Milliseconds link_high{2};
  Milliseconds slow_link_low{300};
  Milliseconds slow_link_high{1500};
  Milliseconds between_faults_low{600'000};
  Milliseconds between_faults_high{3'600'000};
  Milliseconds upkeep{1'800'000};
  Milliseconds rules{600'000};

  /// A day costs a second.
  static Pace coarse() { return {}; }
  /// Nearer to a real plant, and rougher.
  static Pace dense();
};

struct World {
  SimClock clock;
  Trace trace;
  FaultCounts faults;
  CrashPlan crashes;
  Truth truth;
  Plant plant;
  Pace pace;
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
