#include "virtual_collector.hpp"

#include <stdexcept>

#include "figures.hpp"
#include "unsynced_files.hpp"

namespace wl::bench {
namespace {

std::unique_ptr<storage::spool::SpoolFiles> open_files(const VirtualCollector::Options& options) {
  std::unique_ptr<storage::spool::SpoolFiles> files =
      must(storage::spool::PosixSpoolFiles::open(options.folder / "spool"));
  if (options.synced) return files;
  return std::make_unique<UnsyncedFiles>(std::move(files));
}

std::vector<collector::TickConsumer*> consumers(collector::PointHealth& health,
                                                VirtualAlarms* alarms) {
  std::vector<collector::TickConsumer*> all{&health};
  if (alarms) all.push_back(&alarms->consumer());
  return all;
}

}  // namespace

VirtualCollector::VirtualCollector(const Plant& plant, const Options& options)
    : start_(options.start),
      sink_(options.sink),
      alarms_(options.alarms),
      day_file_(options.folder),
      files_(open_files(options)),
      forward_(must(collector::StoreAndForward::open(*files_, plant, options.forward))),
      core_(plant, options.core, now(options.start), consumers(health_, options.alarms)) {
  if (sink_) forward_->on_database(options.stored_until, 0, now(options.start));
  core_.on_link_up(options.start);
}

collector::Now VirtualCollector::now(Timestamp at) const {
  return {.wall = at, .monotonic = at - start_};
}

void VirtualCollector::charge(double& part) {
  const double used = cpu_seconds_of_this_process();
  part += used - std::exchange(charged_, used);
}

void VirtualCollector::deliver(std::vector<collector::PointChange> changes, Timestamp at) {
  charged_ = cpu_seconds_of_this_process();
  core_.on_delivery({++token_, at, std::move(changes)});
  charge(cost_.core);
}

void VirtualCollector::turn(Timestamp at) {
  charged_ = cpu_seconds_of_this_process();
  core_.on_alive(at);
  core_.on_time(now(at));
  charge(cost_.core);
  if (alarms_) alarms_->turn(core_, now(at), forward_->figures());
  charge(cost_.alarms);
  pass_on(now(at));
}

/// Ends: a batch that is stored makes room for the next one, and no record comes meanwhile.
void VirtualCollector::pass_on(collector::Now now) {
  collector::Actions actions = core_.take_actions();
  charge(cost_.core);
  if (actions.days) day_file_.write(*actions.days);
  records_ += actions.records.size();
  for (collector::Record& record : actions.records) forward_->on_record(std::move(record));
  for (bool more = true; more;) {
    forward_->on_time(now);
    collector::ForwardActions done = forward_->take_actions();
    charge(cost_.forward);
    if (!done.notices.empty()) throw std::runtime_error(done.notices.front());
    if (done.durable) core_.on_durable(*done.durable);
    acknowledged_ += core_.take_actions().acknowledge.size();
    charge(cost_.core);
    more = done.write != nullptr;
    if (!more) continue;
    sink_->store(done.write, now.wall);
    charge(cost_.sink);
    forward_->on_written(done.write->seq, now);
  }
}

void VirtualCollector::finish(Timestamp at) {
  charged_ = cpu_seconds_of_this_process();
  core_.on_stop(now(at));
  pass_on(now(at));
  while (sink_ && !forward_->drained()) {
    forward_->on_stop(now(at));
    const auto done = forward_->take_actions();
    charge(cost_.forward);
    if (!done.write) throw std::runtime_error("the spool does not drain");
    sink_->store(done.write, at);
    charge(cost_.sink);
    forward_->on_written(done.write->seq, now(at));
  }
}

}  // namespace wl::bench
