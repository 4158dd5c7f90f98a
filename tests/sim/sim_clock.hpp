// Virtual time: one that only goes on, and the wall clock of the collector's computer.
#pragma once

#include "base/time.hpp"
#include "collector/now.hpp"
#include "opcua/publish_loop.hpp"

namespace wl::sim {

/// A full hour.
inline constexpr Timestamp epoch = Timestamp{Milliseconds{1'700'002'800'000}};
inline constexpr Milliseconds never = Milliseconds::max();

/// `now` counts from the start of the run and is the monotonic clock of everybody.
struct SimClock {
  Milliseconds now{};
  Milliseconds offset{};  ///< The collector's wall clock is ahead by this: somebody set it.

  Timestamp true_wall() const { return epoch + now; }
  Timestamp wall() const { return epoch + now + offset; }
  collector::Now both() const { return {wall(), now}; }
  opcua::SteadyTime steady() const { return opcua::SteadyTime{now}; }
};

}  // namespace wl::sim
