#include "tests/sim/writer.hpp"

#include <algorithm>

namespace wl::sim {
namespace {

constexpr Milliseconds longest_pause{10'000};
constexpr Milliseconds dedup_window{5 * 60'000};

template <class T>
T or_throw(Result<T> answer) {
  if (!answer) throw std::runtime_error(answer.error().what);
  return std::move(*answer);
}

}  // namespace

Writer::Writer(World& world, Database& database, std::string source)
    : world_(world),
      database_(database),
      source_(std::move(source)),
      jobs_(world.clock),
      next_upkeep_(world.clock.now + world_.pace.upkeep) {
  try_open();
}

bool Writer::try_open() {
  try {
    store_ = database_.open();
    covered_until_ = or_throw(database_.ask([&] { return store_->covered_until(); }));
    const std::string saved = or_throw(database_.ask([&] { return store_->ledger_state(); }));
    ledger_ = std::make_unique<BatchLedger>(
        world_.plant,
        BatchLedger::Options{.sampling_interval = world_.pace.slow_scan, .data_dir = {}}, saved);
    return true;
  } catch (const std::exception& error) {
    away_ = error.what();
    store_.reset();
    return false;
  }
}

void Writer::read_alarms() {
  if (!std::exchange(alarms_wanted_, true)) jobs_.post(nullptr);
}

Milliseconds Writer::next_due() const {
  if (!told_opened_) return next_try_;
  if (job_) return job_done_;
  return std::min(jobs_.next(), next_upkeep_);
}

void Writer::turn() {
  if (world_.clock.now < next_due()) return;
  if (!told_opened_) return tell_opened();
  if (job_) return do_job();
  if (auto job = jobs_.take()) {
    job_ = std::move(*job);
    job_done_ = world_.clock.now + database_.latency();
    return;
  }
  keep_up();
}

void Writer::tell_opened() {
  const bool open = store_ || try_open();
  if (open) {
    const auto seq = database_.ask([&] { return store_->last_seq(source_); });
    const auto until = database_.ask([&] { return store_->covered_until(); });
    if (seq && until) {
      told_opened_ = true;
      events_.opened({*seq, *until});
      return tell_alarms();
    }
    away_ = seq ? until.error().what : seq.error().what;
  }
  events_.away(away_);
  if (std::exchange(alarms_wanted_, false)) {
    while (jobs_.take()) continue;
    events_.alarms(fail(Errc::unavailable, away_));
  }
  next_try_ = world_.clock.now + pause_;
  pause_ = std::min(2 * pause_, longest_pause);
}

void Writer::tell_alarms() {
  alarms_wanted_ = false;
  const auto read = [&]() -> Result<collector::AlarmsInDatabase> {
    auto rules = store_->rules();
    if (!rules) return std::unexpected(rules.error());
    auto open = store_->open_alarms(world_.clock.wall() - dedup_window);
    if (!open) return std::unexpected(open.error());
    const auto greatest = store_->last_alarm_id();
    if (!greatest) return std::unexpected(greatest.error());
    return collector::AlarmsInDatabase{std::move(*rules), std::move(*open), *greatest};
  };
  events_.alarms(database_.ask(read));
}

void Writer::do_job() {
  const Batch batch = *std::exchange(job_, std::nullopt);
  if (!batch) return tell_alarms();
  world_.crashes.pass(Fault::killed_before_batch);
  std::string error = try_write(*batch);
  world_.note("batch", batch->seq, batch->samples.size(), error);
  if (error.empty()) world_.crashes.pass(Fault::killed_after_commit);
  events_.done({batch->seq, std::move(error), {}});
}

std::string Writer::try_write(const collector::Record& collected) {
  storage::Batch batch{source_, collected.seq, collected.samples, collected.intervals, {}, {}};
  batch.alarms = collected.alarms;
  batch.alarm_journal = collected.alarm_journal;
  try {
    ledger_->complete(batch, world_.clock.wall());
    const auto written = database_.write(*store_, batch);
    if (!written) return written.error().what;
    ledger_->on_written();
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

void Writer::keep_up() {
  const auto done = database_.ask([&] { return store_->upkeep(world_.clock.wall(), {}); });
  const bool more = done && done->more;
  next_upkeep_ = world_.clock.now + (more ? Milliseconds{1000} : world_.pace.upkeep);
}

}  // namespace wl::sim
