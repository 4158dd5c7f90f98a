// Starting while the database is not there yet.
#pragma once

#include <functional>
#include <string>

#include "base/stop_signal.hpp"
#include "base/time.hpp"

namespace wl {

struct Patience {
  Milliseconds first_pause{1000};  ///< Between two attempts; doubles each time.
  Milliseconds longest_pause{10'000};
  Milliseconds beat{1000};         ///< How often `waiting` is called.
  Milliseconds log_again{60'000};  ///< The same reason is logged once in so long.
};

/// Runs `attempt` until it does not throw DatabaseAway: after a power cut the database may come
/// long after us, and a process that ends in the meantime is one more thing for people to start.
/// Any other exception comes out of here: no waiting mends it.
///
/// `waiting(reason)` is called on the caller's thread each beat, also while an attempt hangs on a
/// silent server, so that the heartbeat goes on. `attempt` runs on a thread of its own.
///
/// False when a stop was asked for. The attempt under way may go on then until its time-out, and
/// what it refers to must live on: end the process without unwinding.
bool start_patiently(const std::function<void()>& attempt, StopSignal& stop,
                     const std::function<void(const std::string& reason)>& waiting,
                     const Patience& patience = {});

}  // namespace wl
