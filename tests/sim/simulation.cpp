#include "tests/sim/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/sim/claims.hpp"
#include "tests/sim/host.hpp"
#include "tests/sim/plc.hpp"
#include "tests/sim/weather.hpp"

namespace wl::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint64_t most_steps_a_day = 3'000'000;
constexpr int most_steps_in_one_moment = 5'000;
constexpr Milliseconds most_draining = hours(12);

class Simulation {
 public:
  explicit Simulation(const RunOptions& options)
      : options_(options),
        world_(prepared(options)),
        link_(world_, options.seed),
        gateway_(world_, link_),
        plc_(world_, options.seed, gateway_),
        disk_(options.seed),
        database_(world_, options.seed),
        observer_(world_),
        host_(around(), options.seed),
        weather_(around(), plc_, host_, options.seed,
                 {.sets_clock = sets_clock(), .small_spool = small_spool()}) {}

  RunReport run();

 private:
  static World prepared(const RunOptions& options);
  bool sets_clock() const { return options_.seed % 4 == 0; }
  bool small_spool() const { return options_.seed % 3 == 0; }
  Surroundings around() {
    return {world_,   disk_, database_, link_,
            gateway_, mail_, observer_, small_spool() ? 66'000u : 8'000'000u};
  }

  void run_until(Milliseconds end, bool until_drained = false);
  void step(Milliseconds end);
  void heal_and_drain();
  void check();
  RunReport report() const;

  const RunOptions options_;
  World world_;
  Link link_;
  Gateway gateway_;
  Plc plc_;
  Disk disk_;
  Database database_;
  MailServer mail_;
  Observer observer_;
  Host host_;
  Weather weather_;
  std::uint64_t steps_ = 0;
  int steps_in_this_moment_ = 0;
  bool plc_runs_ = true;
  History history_;
};

World Simulation::prepared(const RunOptions& options) {
  World world;
  world.plant = sim_plant();
  world.pace = options.seed % 5 == 1 ? Pace::dense() : Pace::coarse();
  world.bug = options.bug;
  if (!options.trace_file.empty() && !world.trace.write_to(options.trace_file))
    world.broke("the trace cannot be written to " + options.trace_file);
  return world;
}

RunReport Simulation::run() {
  world_.truth.was("start", epoch, epoch);
  run_until(hours(24) * options_.days);
  if (world_.broken.empty()) heal_and_drain();
  if (world_.broken.empty()) check();
  return report();
}

void Simulation::run_until(Milliseconds end, bool until_drained) {
  while (world_.clock.now < end && world_.broken.empty()) {
    step(end);
    if (until_drained && host_.collector() && host_.collector()->drained()) return;
  }
}

/// Everybody who has something to do at the next moment does it, in a fixed order.
void Simulation::step(Milliseconds end) {
  const Milliseconds plc = plc_runs_ ? plc_.next_due() : never;
  const Milliseconds gateway = gateway_.next_due();
  const Milliseconds host = host_.next_due();
  const Milliseconds next = std::min({weather_.next_due(), plc, gateway, host, end});
  steps_in_this_moment_ = next <= world_.clock.now ? steps_in_this_moment_ + 1 : 0;
  world_.clock.now = std::max(world_.clock.now, next);
  if (steps_in_this_moment_ > most_steps_in_one_moment)
    return world_.broke(
        fmt::format("the system turns round without an end in one moment: weather {}, PLC {}, "
                    "gateway {}, collector {}",
                    weather_.next_due().count(), plc.count(), gateway.count(),
                    host_.collector() ? host_.collector()->words_of_due() : ""));
  if (++steps_ > most_steps_a_day * static_cast<std::uint64_t>(options_.days + 1))
    return world_.broke("the run takes more steps than any run should");
  weather_.turn();
  if (plc <= world_.clock.now) plc_.turn();
  if (gateway <= world_.clock.now) gateway_.turn();
  if (host <= world_.clock.now) host_.turn();
}

/// All faults end; five minutes later the PLC stops, and everything must reach its place.
void Simulation::heal_and_drain() {
  weather_.clear_up();
  run_until(world_.clock.now + minutes(10));
  plc_runs_ = false;
  run_until(world_.clock.now + minutes(20));
  run_until(world_.clock.now + most_draining, true);
  const Collector* collector = host_.collector();
  if (world_.broken.empty() && !(collector && collector->drained()))
    world_.broke("not drained twelve hours after all faults were over");
}

/// The power goes once more: what was promised is on the disk.
void Simulation::check() {
  host_.stop();
  try {
    const auto store = database_.open();
    history_ = read_history(world_, *store, world_.clock.true_wall());
    history_.alarms = database_.alarms();
    check_once(world_, history_, observer_);
    check_complete(world_, history_);
    check_gaps(world_, history_);
    check_rollups(world_, history_, *store);
    check_energy(world_, history_, *store);
    check_alarms(world_, history_, observer_);
    check_letters(world_, observer_, mail_);
  } catch (const std::exception& error) {
    world_.broke(fmt::format("the database cannot be read at the end: {}", error.what()));
  }
}

RunReport Simulation::report() const {
  RunReport report{.broken = world_.broken,
                   .when = to_iso8601(epoch + world_.broken_at),
                   .hash = world_.trace.hash(),
                   .events = world_.trace.events(),
                   .scans = world_.truth.scans().size(),
                   .alarms = history_.alarms.size(),
                   .letters = mail_.received().size(),
                   .starts = host_.starts(),
                   .faults = world_.faults};
  for (const auto& samples : history_.samples) report.samples += samples.size();
  report.gaps = static_cast<std::uint64_t>(std::ranges::count_if(
      history_.intervals, [](const LinkInterval& interval) { return !interval.alive; }));
  return report;
}

}  // namespace

RunReport run(const RunOptions& options) {
  return Simulation(options).run();
}

}  // namespace wl::sim
