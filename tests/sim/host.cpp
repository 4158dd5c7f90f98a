#include "tests/sim/host.hpp"

#include <fmt/format.h>

namespace wl::sim {
namespace {
constexpr int most_refusals = 1000;
/// SpoolKeeper tries to open its spool for 10 s in one process: here, two starts in a row.
constexpr int patient_starts = 2;
constexpr Milliseconds supervisor_pause{5000};
}  // namespace

Milliseconds Host::next_due() const {
  const Milliseconds due = collector_ ? collector_->next_due() : start_at_;
  return std::max(due, hung_until_);
}

void Host::turn() {
  if (world_.clock.now < hung_until_) return;
  try {
    if (collector_) return collector_->turn();
    if (world_.clock.now >= start_at_) start();
  } catch (const Crash& crash) {
    die(crash);
  }
}

void Host::start() {
  try {
    const bool patient = refusals_ < patient_starts;
    collector_ = std::make_unique<Collector>(around_, seed_, ++run_, patient);
    refusals_ = 0;
    if (outage_) world_.truth.end(*outage_, world_.clock.wall());
    outage_.reset();
  } catch (const StartError& error) {
    world_.note("collector does not start", run_, 0, error.what());
    start_at_ = world_.clock.now + supervisor_pause;
    if (++refusals_ >= most_refusals)
      world_.broke(fmt::format("the collector never starts again: {}", error.what()));
  }
}

void Host::die(const Crash& crash) {
  using std::chrono::seconds;
  world_.faults.add(crash.site);
  world_.note("collector dies", static_cast<std::uint64_t>(crash.kind), 0, name_of(crash.site));
  lose(crash);
  if (!outage_) outage_ = world_.truth.begin(std::string(name_of(crash.site)), world_.clock.wall());
  const bool long_time = dice_.one_in(5);
  Milliseconds down = dice_.between(seconds(1), seconds(long_time ? 1200 : 15));
  if (crash.kind == Crash::Kind::power) {
    down += seconds(20);
    const Milliseconds gateway_down = down + dice_.between(seconds(-10), seconds(20));
    around_.gateway.kill(gateway_down);
    const Timestamp from = world_.clock.wall();
    world_.truth.was("gateway without power", from, from + gateway_down);
  }
  start_at_ = world_.clock.now + down;
  hung_until_ = {};
}

void Host::lose(const Crash& crash) {
  around_.observer.on_death();
  around_.database.freeze(crash.kind);
  collector_.reset();
  around_.database.thaw(crash.kind);
  if (crash.kind == Crash::Kind::power) around_.disk.power_on();
  around_.link.reset();
}

void Host::stop() {
  lose({Crash::Kind::power, Fault::power_cut});
  start_at_ = never;
}

}  // namespace wl::sim
