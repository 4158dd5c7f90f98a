#include "apps/wattline/supervise/child_machine.hpp"

#include <algorithm>

namespace wl::supervise {

Action ChildMachine::start() {
  wanted_ = true;
  exits_ = 0;
  delay_ = {};
  return state_ == ChildState::stopped ? Action::spawn : Action::none;
}

Action ChildMachine::stop(Milliseconds now) {
  wanted_ = false;
  if (state_ == ChildState::backing_off) state_ = ChildState::stopped;
  if (!is_alive()) return Action::none;
  state_ = ChildState::stopping;
  stop_by_ = now + limits_.stop_limit;
  return Action::terminate;
}

Action ChildMachine::restart(Milliseconds now) {
  if (state_ == ChildState::stopped || state_ == ChildState::backing_off) {
    state_ = ChildState::stopped;
    return start();
  }
  const Action action = stop(now);
  wanted_ = true;
  return action;
}

void ChildMachine::spawned(Milliseconds now) {
  state_ = ChildState::starting;
  killed_ = false;
  last_.reset();
  spawned_at_ = now;
}

void ChildMachine::heard(const Heartbeat& heartbeat, Milliseconds now) {
  if (last_ && last_->at == heartbeat.at) return;
  last_ = heartbeat;
  heard_at_ = now;
  if (state_ == ChildState::starting) state_ = ChildState::running;
}

std::optional<Milliseconds> ChildMachine::exited(Milliseconds now) {
  const bool was_asked = state_ == ChildState::stopping;
  last_.reset();
  if (!wanted_) {
    state_ = ChildState::stopped;
    return std::nullopt;
  }
  state_ = ChildState::backing_off;
  if (was_asked) {
    delay_ = {};
    next_spawn_ = now;
    return Milliseconds{0};
  }
  ++exits_;
  const bool was_stable = now - spawned_at_ >= limits_.stable_after;
  const bool is_first = was_stable || delay_.count() == 0;
  delay_ = is_first ? limits_.first_delay : std::min(delay_ * 2, limits_.max_delay);
  next_spawn_ = now + delay_;
  return delay_;
}

Action ChildMachine::tick(Milliseconds now) {
  if (state_ == ChildState::backing_off) {
    return now >= next_spawn_ ? Action::spawn : Action::none;
  }
  if (killed_) return Action::none;
  const bool too_slow_to_stop = state_ == ChildState::stopping && now >= stop_by_;
  const bool silent_start =
      state_ == ChildState::starting && now - spawned_at_ >= limits_.first_heartbeat;
  const bool hung = state_ == ChildState::running && now - heard_at_ >= limits_.hung_after;
  if (!too_slow_to_stop && !silent_start && !hung) return Action::none;
  killed_ = true;
  return Action::kill;
}

std::string ChildMachine::reason() const {
  switch (state_) {
    case ChildState::stopped:
      return "stopped";
    case ChildState::starting:
      return "no heartbeat yet";
    case ChildState::backing_off:
      return "ended, waits for its restart";
    case ChildState::stopping:
      return "is being stopped";
    case ChildState::running:
      break;
  }
  if (!last_ || last_->healthy) return {};
  return last_->reason.empty() ? "not healthy, without a reason" : last_->reason;
}

}  // namespace wl::supervise
