#include "tests/sim/keeper.hpp"

#include <fmt/format.h>

#include "base/overloaded.hpp"

namespace wl::sim {
namespace {

std::unique_ptr<collector::StoreAndForward> open_forward(World& world, Disk& disk,
                                                         collector::ForwardOptions options,
                                                         bool patient) {
  auto opened = collector::StoreAndForward::open(disk.spool, world.plant, options);
  disk.look();
  if (!patient && !opened && opened.error().code == Errc::unavailable) {
    options.spool.unreadable = storage::spool::Unreadable::skip;
    opened = collector::StoreAndForward::open(disk.spool, world.plant, options);
    disk.look();
  }
  if (!opened) throw StartError(opened.error().what);
  return std::move(*opened);
}

}  // namespace

Keeper::Keeper(World& world, Disk& disk, const collector::ForwardOptions& options, bool patient)
    : world_(world),
      disk_(disk),
      forward_(open_forward(world, disk, options, patient)),
      events_(world.clock) {}

void Keeper::post(Event event, Milliseconds delay) {
  events_.post(std::move(event), delay);
}

Milliseconds Keeper::next_due() const {
  return std::max(std::min(events_.next(), forward_->next_due()), busy_until_);
}

std::string Keeper::words_of_due() const {
  const auto figures = forward_->figures();
  return fmt::format("{} (its events {}, forward {}; {} records wait, durable {}, stored {}, '{}')",
                     next_due().count(), events_.next().count(), forward_->next_due().count(),
                     figures.records_waiting, figures.durable_seq, figures.stored_seq,
                     figures.spool_error);
}

void Keeper::turn() {
  if (world_.clock.now < next_due()) return;
  const Milliseconds cost = disk_.latency();
  busy_until_ = world_.clock.now + cost;
  const bool syncs = events_.size() > 0;
  if (syncs) world_.crashes.pass(Fault::killed_before_sync);
  while (auto event = events_.take()) handle(std::move(*event), cost);
  forward_->on_time(world_.clock.both());
  disk_.look();
  if (syncs) world_.crashes.pass(Fault::killed_after_sync);
  perform(forward_->take_actions(), cost);
}

void Keeper::handle(Event event, Milliseconds cost) {
  std::visit(Overloaded{[&](collector::Record& record) { on_record(std::move(record)); },
                        [&](const Task& task) { task(cost); },
                        [&](const DatabaseOpened& opened) {
                          forward_->on_database(opened.covered_until, opened.last_seq,
                                                world_.clock.both());
                        },
                        [&](const Away& away) { forward_->on_database_away(away.reason); },
                        [&](WriteDone& done) { on_done(std::move(done)); }},
             event);
  disk_.look();
}

void Keeper::on_record(collector::Record record) {
  world_.note("record", record.seq, record.samples.size());
  if (world_.bug == Bug::missing_gap) {
    for (LinkInterval& interval : record.intervals) {
      interval.alive = true;
      interval.cause.clear();
    }
  }
  forward_->on_record(std::move(record));
}

void Keeper::on_done(WriteDone done) {
  if (world_.bug == Bug::release_before_commit) return;  // It was told long ago.
  if (world_.bug == Bug::dropped_batch) done.error.clear();
  if (!done.error.empty()) return forward_->on_failed(done.seq, done.error, world_.clock.both());
  world_.crashes.pass(Fault::killed_before_release);
  forward_->on_written(done.seq, world_.clock.both());
  disk_.look();
  world_.crashes.pass(Fault::killed_after_release);
}

void Keeper::perform(collector::ForwardActions actions, Milliseconds cost) {
  const auto figures = forward_->figures();
  if (figures.records_lost > lost_before_) world_.faults.add(Fault::spool_overflow);
  lost_before_ = figures.records_lost;
  for (const std::string& notice : actions.notices) world_.note("spool", 0, 0, notice);
  if (actions.durable) outputs_.durable(*actions.durable, cost);
  if (!actions.write) return;
  const std::uint64_t seq = actions.write->seq;
  outputs_.write(std::move(actions.write), cost);
  if (world_.bug == Bug::release_before_commit) forward_->on_written(seq, world_.clock.both());
}

}  // namespace wl::sim
