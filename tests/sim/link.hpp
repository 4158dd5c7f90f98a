// The network between gateway and collector, with its faults.
#pragma once

#include <deque>

#include "tests/sim/dice.hpp"
#include "tests/sim/messages.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

/// Keeps the order of messages in each direction.
class Link {
 public:
  enum class State {
    up,
    cut,       ///< Both ends hear at once that the connection is broken; none can be made.
    half_open  ///< Messages vanish, nobody is told.
  };

  explicit Link(World& world, std::uint64_t seed) : world_(world), dice_(seed, 11) { be_well(); }

  void set(State state);
  State state() const { return state_; }
  /// Both ends lose their connection: one of the two processes is gone.
  void reset();
  /// The delay of each message from now on.
  void be_slow() { low_ = world_.pace.slow_link_low, high_ = world_.pace.slow_link_high; }
  void be_well() { low_ = world_.pace.link_low, high_ = world_.pace.link_high; }
  /// The next `n` publish answers with data arrive twice.
  void duplicate(int n) { duplicates_ = n; }

  /// Never the same again, so that no process hears what was meant for one before it.
  std::uint64_t new_connection() { return ++last_connection_; }
  void to_gateway(Message message) { send(towards_gateway_, std::move(message)); }
  void to_collector(Message message);

  std::vector<Message> arrived_at_gateway() { return arrived(towards_gateway_); }
  std::vector<Message> arrived_at_collector() { return arrived(towards_collector_); }
  Milliseconds next_for_gateway() const { return next(towards_gateway_); }
  Milliseconds next_for_collector() const { return next(towards_collector_); }

 private:
  struct Travelling {
    Milliseconds at;
    Message message;
  };
  using Way = std::deque<Travelling>;

  void send(Way& way, Message message);
  std::vector<Message> arrived(Way& way);
  static Milliseconds next(const Way& way) { return way.empty() ? never : way.front().at; }

  World& world_;
  Dice dice_;
  State state_ = State::up;
  Milliseconds low_{};
  Milliseconds high_{};
  int duplicates_ = 0;
  std::uint64_t last_connection_ = 0;
  Way towards_gateway_;
  Way towards_collector_;
};

}  // namespace wl::sim
