#include "apps/collector/replay_run.hpp"

namespace wl {
namespace {

constexpr Milliseconds publishing_interval{1000};
constexpr std::size_t most_waiting = 3;
constexpr Milliseconds patience_step{1000};

collector::CoreOptions replay_options(collector::CoreOptions options) {
  options.live = false;
  options.record_interval = options.proof_interval = std::chrono::hours{1};
  options.record_samples = 500'000;
  options.pending_notifications = 1;  // Nobody waits for an acknowledgement.
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
  parts.writer.ends_at_failure = true;  // What is stored up to a time is whole.
  writer_ = std::make_unique<StoreWriter>(
      std::move(parts.writer),
      StoreWriter::Events{.done = [this](WriteDone done) { done_.push(std::move(done)); }});
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
  while (error_.empty() && waiting_ > most_waiting) hear(patience_step);
}

bool ReplayRun::finish() {
  if (error_.empty()) {
    turn();
    core_.on_stop(now());
    act();
  }
  while (error_.empty() && waiting_ > 0) hear(patience_step);
  writer_.reset();
  return error_.empty();
}

/// No spool: the feed itself can be replayed again.
void ReplayRun::act() {
  collector::Actions actions = core_.take_actions();
  if (actions.days) days_ = std::move(*actions.days);
  for (collector::Record& record : actions.records) {
    writer_->write(std::make_shared<const collector::Record>(std::move(record)));
    ++waiting_;
  }
}

void ReplayRun::hear(Milliseconds patience) {
  for (const WriteDone& done : done_.drain(patience)) {
    --waiting_;
    if (done.error.empty()) {
      ++batches_;
    } else if (error_.empty()) {
      error_ = done.error;
    }
  }
}

}  // namespace wl
