// The two clocks of this computer, for the core and for those who feed it.
#pragma once

#include <chrono>

#include "collector/now.hpp"

namespace wl {

/// Monotonic: since boot. Any thread.
inline collector::Now clocks_now() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return {wall_now(), std::chrono::duration_cast<Milliseconds>(since_boot)};
}

}  // namespace wl
