// When a supervised process is started, stopped, restarted or killed: decisions without a process.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"

namespace wl::supervise {

/// Times of the policy. `now` below is a monotonic clock, so that a jump of the wall clock neither
/// kills a healthy process nor hides a hung one.
struct Limits {
  Milliseconds first_delay{250};         ///< Pause before the first restart; doubles each time.
  Milliseconds max_delay{10'000};        ///< Longest pause.
  Milliseconds stable_after{30'000};     ///< Having run so long, the next pause is the first again.
  Milliseconds hung_after{10'000};       ///< No new heartbeat for so long: killed.
  Milliseconds first_heartbeat{30'000};  ///< The same, until the first heartbeat.
  Milliseconds stop_limit{10'000};       ///< From SIGTERM to SIGKILL.
};

enum class ChildState { stopped, starting, running, backing_off, stopping };

/// What the owner of the process has to do now.
enum class Action { none, spawn, terminate, kill };

/// What a process said about itself in its status file.
struct Heartbeat {
  Timestamp at{};  ///< Only compared with the one before, never with a clock.
  bool healthy = false;
  std::string reason;

  bool operator==(const Heartbeat&) const = default;
};

/// The policy of one process. Pure: no process, no file, no clock; one thread uses it.
class ChildMachine {
 public:
  explicit ChildMachine(const Limits& limits) : limits_(limits) {}

  /// Wanted from now on.
  Action start();
  /// Not wanted any more.
  Action stop(Milliseconds now);
  /// Stops, then starts at once and without a pause.
  Action restart(Milliseconds now);

  /// The owner carried out Action::spawn.
  void spawned(Milliseconds now);
  void heard(const Heartbeat& heartbeat, Milliseconds now);
  /// The process ended. Returns the pause before it is started again; nothing when it stays down.
  std::optional<Milliseconds> exited(Milliseconds now);
  /// Call it at least every second.
  Action tick(Milliseconds now);

  ChildState state() const { return state_; }
  bool healthy() const { return state_ == ChildState::running && last_ && last_->healthy; }
  /// Why it is not healthy, for a person.
  std::string reason() const;
  int exits() const { return exits_; }  ///< Since start(), those that were not asked for.
  Milliseconds spawned_at() const { return spawned_at_; }

 private:
  bool is_alive() const { return state_ == ChildState::starting || state_ == ChildState::running; }

  Limits limits_;
  ChildState state_ = ChildState::stopped;
  bool wanted_ = false;
  bool killed_ = false;  // SIGKILL was sent; only the exit can follow.
  Milliseconds spawned_at_{};
  Milliseconds heard_at_{};    // When the heartbeat last changed.
  Milliseconds next_spawn_{};  // In backing_off.
  Milliseconds stop_by_{};     // In stopping.
  Milliseconds delay_{};
  std::optional<Heartbeat> last_;
  int exits_ = 0;
};

}  // namespace wl::supervise
