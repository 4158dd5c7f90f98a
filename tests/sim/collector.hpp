// One life of the collector's process: its real parts, wired as CollectorProcess wires them.
#pragma once

#include <memory>
#include <optional>

#include "apps/collector/alarm_service.hpp"
#include "tests/sim/core_seat.hpp"
#include "tests/sim/database.hpp"
#include "tests/sim/gateway.hpp"
#include "tests/sim/keeper.hpp"
#include "tests/sim/observer.hpp"
#include "tests/sim/post_office.hpp"
#include "tests/sim/sim_subscriber.hpp"
#include "tests/sim/writer.hpp"

namespace wl::sim {

/// What stays when the process dies.
struct Surroundings {
  World& world;
  Disk& disk;
  Database& database;
  Link& link;
  Gateway& gateway;
  MailServer& mail;
  Observer& observer;
  std::uint64_t spool_capacity;
};

class Collector {
 public:
  /// `run`: how manieth start of this installation. `patient`: see Keeper. Throws StartError, or
  /// Crash.
  Collector(Surroundings around, std::uint64_t seed, std::uint32_t run, bool patient);

  /// A person at a browser.
  void order(LiveOrder order);
  void stall_core(Milliseconds time) { core_->stall(time); }

  Milliseconds next_due() const;
  void turn();
  /// Who is due when, for the message of a run that does not end.
  std::string words_of_due() const;
  /// Nothing waits in memory or in the spool, and every letter is gone.
  bool drained() const;

 private:
  void start_alarms();
  void start_core(std::uint32_t run);
  void start_writer();
  opcua::SubscriberEvents subscriber_events();
  void remember(std::string memory, std::uint64_t number);
  void post_letters(std::vector<alarm::notify::Letter> letters);
  collector::ForwardFacts forward_facts() const;

  Surroundings around_;
  World& world_;
  std::optional<Keeper> keeper_;
  std::optional<Writer> writer_;
  std::optional<AlarmService> alarms_;
  std::optional<CoreSeat> core_;
  std::optional<SimSubscriber> subscriber_;
  std::optional<Outbox> outbox_;
  Milliseconds next_refused_{};
};

}  // namespace wl::sim
