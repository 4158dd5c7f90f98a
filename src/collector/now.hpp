// The two clocks that the core is told; it never looks at one itself.
#pragma once

#include "base/time.hpp"

namespace wl::collector {

/// Wall time dates what is stored; monotonic time decides when something is due, so that a clock
/// that is set by an hour neither stops nor floods the collector. `monotonic` counts from any
/// fixed moment.
struct Now {
  Timestamp wall{};
  Milliseconds monotonic{};
};

}  // namespace wl::collector
