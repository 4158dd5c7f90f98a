// The two clocks that the alarms are told; nothing in this room looks at one itself.
#pragma once

#include "base/time.hpp"

namespace wl::alarm {

/// Wall time dates what is stored; monotonic time decides when something is due, so that a clock
/// that is set by an hour neither ends a shelving nor opens the dedupe window. `monotonic` counts
/// from any fixed moment of this process.
struct Now {
  Timestamp wall{};
  Milliseconds monotonic{};
};

}  // namespace wl::alarm
