#include "apps/collector/replay_run.hpp"

#include <limits>

namespace wl {
namespace {

constexpr Milliseconds publishing_interval{1000};
constexpr std::size_t most_waiting = 3;
constexpr Milliseconds patience_step{1000};

collector::CoreOptions replay_options(collector::CoreOptions options) {
  options.live = false;
  options.batch_interval = std::chrono::hours{1};
  options.batch_samples = 500'000;
  options.cache_bytes = std::size_t{1} << 31;  // take() waits long before.
  options.pending_notifications = std::numeric_limits<std::size_t>::max();
  return options;
}

}  // namespace

ReplayRun::ReplayRun(Parts parts)
    : source_(std::move(parts.source)),
      first_(parts.first),
      reached_(parts.first),
      next_turn_(parts.first + publishing_interval),
      clock_ms_(to_unix_ms(parts.first)),
      core_(parts.plant, replay_options(std::move(parts.core)), now(), {}) {
  parts.writer.clock = [this] { return from_unix_ms(clock_ms_); };
  parts.writer.upkeep_pause = Milliseconds{0};
  parts.writer.upkeep_at_end = true;
  writer_ = std::make_unique<StoreWriter>(std::move(parts.writer),
                                          [this](WriteDone done) { done_.push(std::move(done)); });
  core_.on_link_up(first_);
}

collector::Now ReplayRun::now() const {
  return {.wall = reached_, .monotonic = reached_ - first_};
}

bool ReplayRun::take(Timestamp time, const std::vector<FeedChange>& changes) {
  reached_ = time;
  source_.take(time, changes);
  if (time >= next_turn_) turn();
  return error_.empty();
}

void ReplayRun::turn() {
  next_turn_ = reached_ + publishing_interval;
  clock_ms_ = to_unix_ms(reached_);
  collector::Delivery delivery{++token_, reached_, source_.deliver()};
  if (delivery.changes.empty()) {
    core_.on_alive(reached_);
  } else {
    core_.on_delivery(delivery);
  }
  core_.on_time(now());
  act();
  hear(Milliseconds{0});
  while (error_.empty() && core_.stats().backlog_batches > most_waiting) hear(patience_step);
}

bool ReplayRun::finish() {
  if (error_.empty()) {
    turn();
    core_.on_stop(now());
    act();
  }
  while (error_.empty() && !core_.idle()) hear(patience_step);
  writer_.reset();
  return error_.empty();
}

void ReplayRun::act() {
  auto actions = core_.take_actions();
  if (actions.write) writer_->write(std::move(actions.write));
}

void ReplayRun::hear(Milliseconds patience) {
  for (const WriteDone& done : done_.drain(patience)) {
    if (done.error.empty()) {
      core_.on_written(done.seq);
    } else {
      error_ = done.error;
    }
  }
  act();
}

}  // namespace wl
