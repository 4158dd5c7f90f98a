// The queue in front of one of the collector's threads, on virtual time.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "tests/sim/sim_clock.hpp"

namespace wl::sim {

/// What is posted is there after `delay`; at one moment in the order of posting.
template <class T>
class Mailbox {
 public:
  explicit Mailbox(const SimClock& clock) : clock_(clock) {}

  void post(T event, Milliseconds delay = {}) {
    events_.emplace(clock_.now + delay, std::move(event));
  }
  std::optional<T> take() {
    if (next() > clock_.now) return std::nullopt;
    auto first = events_.extract(events_.begin());
    return std::move(first.mapped());
  }
  Milliseconds next() const { return events_.empty() ? never : events_.begin()->first; }
  std::size_t size() const { return events_.size(); }

 private:
  const SimClock& clock_;
  std::multimap<Milliseconds, T> events_;
};

}  // namespace wl::sim
