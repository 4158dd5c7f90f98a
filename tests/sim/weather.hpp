// What goes wrong, and when: drawn from the seed, counted when it bites.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "tests/sim/host.hpp"
#include "tests/sim/plc.hpp"

namespace wl::sim {

/// Some three faults an hour, in twos and threes at times. Before each the plant scans faster, so
/// that something is on its way when it comes. A fault of a kind begins when the one before it of
/// that kind is over.
class Weather {
 public:
  struct Options {
    bool sets_clock = false;
    bool small_spool = false;  ///< A long outage of the database fills it.
  };
  Weather(Surroundings around, Plc& plc, Host& host, std::uint64_t seed, Options options);

  Milliseconds next_due() const;
  void turn();
  /// Everything that goes on ends now, and nothing begins any more.
  void clear_up();

 private:
  using Action = void (Weather::*)();

  void begin_fault();
  void later(Milliseconds delay, std::function<void()> act);
  /// False when the last one of the kind goes on; else it ends after `time`, by `end`.
  bool lasts(Fault fault, Milliseconds time, std::function<void()> end);
  /// The same for one that data gets lost by.
  bool outage(Fault fault, Milliseconds time, std::function<void()> end);

  void kill_plc();
  void hang_plc();
  void kill_gateway();
  void hang_gateway();
  void cut_link();
  void open_link_by_half();
  void slow_link();
  void duplicate();
  void kill_collector();
  void hang_collector();
  void stall_core();
  void cut_power();
  void cut_power_in_writing();
  void fill_disk();
  void fail_sync();
  void slow_disk();
  void lose_database();
  void slow_database();
  void spoil_batch();
  void set_clock();
  void spoil_mail();
  void order();

  Milliseconds seconds(int low, int high) {
    return dice_.between(std::chrono::seconds(low), std::chrono::seconds(high));
  }

  Surroundings around_;
  World& world_;
  Plc& plc_;
  Host& host_;
  Dice dice_;
  const Options options_;
  std::vector<Action> actions_;  ///< Each as often as its weight.
  std::multimap<Milliseconds, std::function<void()>> later_;
  std::set<Fault> going_on_;
  Milliseconds next_fault_;
  Milliseconds next_order_;
  Milliseconds armed_at_{};
  bool announced_ = false;
  std::uint64_t orders_ = 0;
};

}  // namespace wl::sim
