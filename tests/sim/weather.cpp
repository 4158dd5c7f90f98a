#include "tests/sim/weather.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::sim {
namespace {

using std::chrono::minutes;

constexpr Milliseconds warning{20'000};  ///< The plant scans faster for so long before a fault.
constexpr Milliseconds patience_of_arms = std::chrono::hours(2);

constexpr Fault kill_steps[] = {Fault::killed_before_records, Fault::killed_before_acknowledgements,
                                Fault::killed_before_sync,    Fault::killed_after_sync,
                                Fault::killed_before_memory,  Fault::killed_after_memory,
                                Fault::killed_before_batch,   Fault::killed_after_commit,
                                Fault::killed_before_release, Fault::killed_after_release,
                                Fault::killed_before_letter,  Fault::killed_after_letter,
                                Fault::killed_while_opening};

}  // namespace

Weather::Weather(Surroundings around, Plc& plc, Host& host, std::uint64_t seed, Options options)
    : around_(around),
      world_(around.world),
      plc_(plc),
      host_(host),
      dice_(seed, 17),
      options_(options),
      next_fault_(seconds(60, 600)),
      next_order_(minutes(30)) {
  const auto add = [&](int weight, Action action) {
    for (int i = 0; i < weight; ++i) actions_.push_back(action);
  };
  add(1, &Weather::kill_plc);
  add(1, &Weather::hang_plc);
  add(2, &Weather::kill_gateway);
  add(2, &Weather::hang_gateway);
  add(4, &Weather::cut_link);
  add(3, &Weather::open_link_by_half);
  add(2, &Weather::slow_link);
  add(1, &Weather::duplicate);
  add(8, &Weather::kill_collector);
  add(2, &Weather::hang_collector);
  add(1, &Weather::stall_core);
  add(2, &Weather::cut_power);
  add(4, &Weather::cut_power_in_writing);
  add(2, &Weather::fill_disk);
  add(3, &Weather::fail_sync);
  add(2, &Weather::slow_disk);
  add(3, &Weather::lose_database);
  add(2, &Weather::slow_database);
  add(8, &Weather::spoil_batch);
  add(2, &Weather::spoil_mail);
  if (options_.sets_clock) add(2, &Weather::set_clock);
}

Milliseconds Weather::next_due() const {
  const Milliseconds due = std::min(announced_ ? next_fault_ : next_fault_ - warning, next_order_);
  return later_.empty() ? due : std::min(due, later_.begin()->first);
}

void Weather::turn() {
  const Milliseconds now = world_.clock.now;
  while (!later_.empty() && later_.begin()->first <= now) {
    const auto act = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    act();
  }
  if (now >= next_order_) order();
  if (!announced_ && now >= next_fault_ - warning) {
    announced_ = true;
    plc_.hurry_until(next_fault_ + seconds(10, 60));
  }
  if (now >= next_fault_) begin_fault();
}

void Weather::begin_fault() {
  announced_ = false;
  const bool soon = dice_.one_in(3);
  const Milliseconds pause =
      dice_.between(world_.pace.between_faults_low, world_.pace.between_faults_high);
  next_fault_ = world_.clock.now + (soon ? seconds(1, 60) : pause);
  (this->*actions_[dice_.below(actions_.size())])();
}

void Weather::later(Milliseconds delay, std::function<void()> act) {
  later_.emplace(world_.clock.now + delay, std::move(act));
}

bool Weather::lasts(Fault fault, Milliseconds time, std::function<void()> end) {
  if (!going_on_.insert(fault).second) return false;
  world_.note("fault", static_cast<std::uint64_t>(time.count()), 0, name_of(fault));
  later(time, [this, fault, end = std::move(end)] {
    going_on_.erase(fault);
    world_.note("fault over", 0, 0, name_of(fault));
    end();
  });
  return true;
}

bool Weather::outage(Fault fault, Milliseconds time, std::function<void()> end) {
  if (!lasts(fault, time, std::move(end))) return false;
  world_.faults.add(fault);
  // A clock that is wrong at its beginning may be right at its end.
  const auto [from, to] = std::minmax({world_.clock.wall(), world_.clock.true_wall()});
  world_.truth.was(std::string(name_of(fault)), from, to + time);
  return true;
}

void Weather::kill_plc() {
  world_.faults.add(Fault::plc_killed);
  world_.note("fault", 0, 0, name_of(Fault::plc_killed));
  plc_.kill(seconds(5, 120));
}

void Weather::hang_plc() {
  world_.faults.add(Fault::plc_hung);
  plc_.hang(seconds(5, 60));
}

void Weather::kill_gateway() {
  const Milliseconds down = seconds(2, dice_.one_in(4) ? 1500 : 60);
  if (outage(Fault::gateway_killed, down, [] {})) around_.gateway.kill(down);
}

void Weather::hang_gateway() {
  const Milliseconds time = seconds(2, 80);
  if (outage(Fault::gateway_hung, time, [] {})) around_.gateway.hang(time);
}

void Weather::cut_link() {
  if (around_.link.state() != Link::State::up) return;
  const auto mend = [this] { around_.link.set(Link::State::up); };
  const Milliseconds time = seconds(1, dice_.one_in(3) ? 1800 : 90);
  if (outage(Fault::link_cut, time, mend)) around_.link.set(Link::State::cut);
}

void Weather::open_link_by_half() {
  if (around_.link.state() != Link::State::up) return;
  const auto mend = [this] { around_.link.set(Link::State::up); };
  const Milliseconds time = seconds(1, dice_.one_in(3) ? 900 : 60);
  if (outage(Fault::link_half_open, time, mend)) around_.link.set(Link::State::half_open);
}

void Weather::slow_link() {
  const auto mend = [this] { around_.link.be_well(); };
  const Milliseconds time = seconds(30, 300);
  if (!lasts(Fault::link_slow, time, mend)) return;
  world_.faults.add(Fault::link_slow);
  // What waits is asked for number by number, each a round trip.
  const auto [from, to] = std::minmax({world_.clock.wall(), world_.clock.true_wall()});
  world_.truth.prolonged("link_slow", from, to + time);
  around_.link.be_slow();
}

void Weather::duplicate() {
  around_.link.duplicate(1 + static_cast<int>(dice_.below(4)));
}

/// Seldom steps (letters) keep their turn for a while.
void Weather::kill_collector() {
  const bool waits = world_.crashes.armed() && world_.clock.now - armed_at_ < patience_of_arms;
  if (waits) return;
  armed_at_ = world_.clock.now;
  const Fault step = kill_steps[dice_.below(std::size(kill_steps))];
  const auto kind = dice_.one_in(3) ? Crash::Kind::power : Crash::Kind::kill;
  const bool is_seldom = step == Fault::killed_while_opening;
  world_.crashes.arm(step, is_seldom ? 1 : 1 + dice_.below(3), kind);
  world_.note("armed", static_cast<std::uint64_t>(kind), 0, name_of(step));
}

void Weather::hang_collector() {
  const Milliseconds time = seconds(2, dice_.one_in(3) ? 300 : 40);
  if (outage(Fault::collector_hung, time, [] {})) host_.hang(time);
}

/// Counted by the core's queue when it overflows.
void Weather::stall_core() {
  if (!host_.collector()) return;
  const Milliseconds time = seconds(20, 80);
  if (!lasts(Fault::core_stalled, time, [] {})) return;
  const Timestamp from = world_.clock.wall();
  world_.truth.was("core_stalled", from, from + time);
  host_.collector()->stall_core(time);
}

void Weather::cut_power() {
  host_.die({Crash::Kind::power, Fault::power_cut});
}

void Weather::cut_power_in_writing() {
  if (dice_.one_in(2)) return around_.database.cut_power_at(1 + dice_.below(40));
  around_.disk.spool.cut_power_at(1 + dice_.below(8));
}

void Weather::fill_disk() {
  const auto mend = [this] { around_.disk.heal(); };
  if (outage(Fault::disk_full, seconds(20, 900), mend)) around_.disk.fill(dice_.below(4000));
}

void Weather::fail_sync() {
  using Lasts = storage::spool::CrashFiles::Lasts;
  const auto mend = [this] { around_.disk.heal(); };
  const Lasts how = dice_.one_in(2) ? Lasts::once : Lasts::until_healed;
  // StoreAndForward gives up what cannot be read for a minute, as it says.
  if (outage(Fault::sync_failed, seconds(5, 50), mend))
    around_.disk.fail_calls(1 + dice_.below(6), how);
}

void Weather::slow_disk() {
  const auto mend = [this] { around_.disk.set_latency(Milliseconds{1}, Milliseconds{20}); };
  if (!lasts(Fault::disk_slow, seconds(10, 180), mend)) return;
  world_.faults.add(Fault::disk_slow);
  around_.disk.set_latency(Milliseconds{200}, Milliseconds{4000});
}

/// Samples get lost only when it takes so long that the spool is full.
void Weather::lose_database() {
  const auto mend = [this] { around_.database.set_away(false); };
  const int long_time = (options_.small_spool ? 12 : 6) * 3600;
  const Milliseconds time = seconds(10, dice_.one_in(4) ? long_time : 600);
  // The oldest is dropped: what waited for its batch when the database went.
  const Timestamp from = world_.clock.wall() - 2 * world_.pace.batch;
  if (!lasts(Fault::database_away, time, mend)) return;
  around_.database.set_away(true);
  if (options_.small_spool) world_.truth.was("database_away", from, world_.clock.wall() + time);
}

void Weather::slow_database() {
  const auto mend = [this] { around_.database.set_latency(Milliseconds{2}, Milliseconds{60}); };
  if (!lasts(Fault::database_slow, seconds(60, 900), mend)) return;
  world_.faults.add(Fault::database_slow);
  around_.database.set_latency(Milliseconds{1000}, Milliseconds{30'000});
}

void Weather::spoil_batch() {
  using Kind = Mishap::Kind;
  constexpr Kind kinds[] = {Kind::failed, Kind::commit_lost, Kind::commit_applied};
  around_.database.spoil_next(kinds[dice_.below(std::size(kinds))]);
}

/// The wall clock of the collector's computer, by seconds to an hour; later it is set right.
void Weather::set_clock() {
  const bool forward = dice_.one_in(2);
  const Fault fault = forward ? Fault::clock_forward : Fault::clock_back;
  if (world_.clock.offset != Milliseconds{}) return;
  const Milliseconds step = dice_.between(std::chrono::seconds(3), std::chrono::hours(1));
  const Milliseconds time = seconds(60, 2 * 3600);
  const Timestamp from = world_.clock.wall();
  if (!lasts(fault, time, [this] { world_.clock.offset = {}; })) return;
  world_.faults.add(fault);
  world_.clock.offset = forward ? step : -step;
  world_.truth.was("clock_set", std::min(from, world_.clock.wall()),
                   std::max(from, from + world_.clock.offset) + time);
  world_.truth.clock_set(from - step, from + time + step);
}

void Weather::spoil_mail() {
  using State = MailServer::State;
  const auto mend = [this] {
    around_.mail.set(State::well);
    around_.mail.set_latency(Milliseconds{200});
  };
  if (!lasts(Fault::mail_dead, seconds(60, 3600), mend)) return;
  const auto how = dice_.below(3);
  if (how == 0) around_.mail.set(State::dead);
  if (how == 1) around_.mail.set(State::loses_answers);
  if (how == 2) around_.mail.set_latency(std::chrono::seconds(20));
}

/// A person acknowledges what stands there, or shelves it.
void Weather::order() {
  next_order_ = world_.clock.now + seconds(300, 3600);
  const auto ids = around_.observer.unacknowledged();
  if (ids.empty() || !host_.collector()) return;
  LiveOrder order;
  const bool shelves = dice_.one_in(4);
  order.kind = shelves ? LiveOrder::Kind::shelve : LiveOrder::Kind::acknowledge;
  order.minutes = 30;
  order.ref = ++orders_;
  order.ids = {ids[dice_.below(ids.size())]};
  order.by = fmt::format("person {}", orders_);
  host_.collector()->order(std::move(order));
}

void Weather::clear_up() {
  while (!later_.empty()) {
    const auto act = std::move(later_.begin()->second);
    later_.erase(later_.begin());
    act();
  }
  world_.crashes.disarm();
  around_.disk.heal();
  around_.database.heal();
  next_fault_ = next_order_ = never;
  announced_ = true;
}

}  // namespace wl::sim
