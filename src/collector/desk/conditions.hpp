// From facts about the system to the system alarms: link, gateway, spool, database, clock, disks.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "alarm/core.hpp"
#include "collector/desk/facts.hpp"
#include "collector/desk/plc_watch.hpp"
#include "collector/tick.hpp"

namespace wl::collector {

struct ConditionOptions {
  Milliseconds link_patience{5000};         ///< Not proven alive for so long: link_lost.
  Milliseconds gateway_patience{2000};      ///< Nobody listens for so long: gateway_down.
  Milliseconds database_patience{30'000};   ///< No batch stored although records wait.
  Milliseconds clock_step_shown{60'000};    ///< How long a step of the clock stays an alarm.
  double oee_limit_percent = 80;            ///< OEE_WARNING_THRESHOLD
  Milliseconds mail_patience{15 * 60'000};  ///< A letter waits for so long: mail_failing.
};

/// Limits: disk_low is a warning below 10 % or 1 GB and critical below 3 %; spool_filling a warning
/// from 50 %, critical from 80 %, an emergency while records are dropped; spool_damaged an
/// emergency for a minute after its disk lost something; clock_step more than 2 s between two
/// ticks; certificate_expiring a warning below 30 days, critical below 7; oee_low below the limit.
/// Each clears with some distance, so that it does not flutter. Pure.
class Conditions {
 public:
  explicit Conditions(ConditionOptions options) : options_(options) {}

  void on_forward(const ForwardFacts& facts) { forward_ = facts; }
  void on_host(HostFacts facts) { host_ = std::move(facts); }
  /// Nothing: no shift is going on, or it is too young to say.
  void on_oee(std::optional<OeeFacts> facts) {
    oee_ = std::move(facts);
    oee_known_ = true;
  }
  void on_mail(MailFacts facts) { mail_ = facts; }
  /// It held before a restart, and does until it is known to be over.
  void restore(alarm::MessageKey name, const std::string& subject);

  /// All conditions that hold, or are known not to, as of this tick. What is not known is not told.
  std::vector<alarm::Condition> on_tick(const Tick& tick,
                                        std::span<const PlcWatch::Controller> plcs);

  /// Nobody listens at the gateway's address: that the link is lost says nothing more.
  bool gateway_down() const { return gateway_down_; }

 private:
  void look_at_link(const Tick& tick);
  void look_at_gateway(const Tick& tick);
  void look_at_plcs(std::span<const PlcWatch::Controller> plcs);
  void look_at_spool(const Tick& tick);
  void look_at_spool_disk(const Tick& tick);
  void look_at_database(const Tick& tick);
  void look_at_clock(const Tick& tick);
  void look_at_disks();
  void look_at_certificates(const Tick& tick);
  void look_at_oee();
  void look_at_mail();
  /// It holds; or it held and is over.
  void holds(alarm::Condition condition);
  /// It does not hold. Told also when it never did: it may stand from before a restart.
  void over(alarm::MessageKey name, const std::string& subject = {});
  bool held(alarm::MessageKey name, const std::string& subject = {}) const;
  /// What is no longer named is over: a disk that was unmounted, a certificate that was replaced.
  void over_unless_named(alarm::MessageKey name, const std::set<std::string>& named);

  const ConditionOptions options_;
  std::optional<ForwardFacts> forward_;
  std::optional<HostFacts> host_;
  std::optional<OeeFacts> oee_;
  std::optional<MailFacts> mail_;
  bool oee_known_ = false;

  std::optional<Milliseconds> dead_since_;
  std::optional<Milliseconds> unheard_since_;  ///< Nobody listens at the gateway's address.
  bool gateway_down_ = false;
  /// A count that has risen within the last minute.
  struct Losses {
    std::uint64_t before = 0;
    std::optional<Milliseconds> at;
    bool are_new(std::uint64_t count, Milliseconds now);
  };
  Losses dropped_;
  Losses lost_by_disk_;
  std::uint64_t stored_before_ = 0;
  std::optional<Milliseconds> stored_at_;
  std::optional<Milliseconds> clock_offset_;
  std::optional<Milliseconds> stepped_at_;
  double step_s_ = 0;
  std::set<std::pair<alarm::MessageKey, std::string>> held_;
  std::vector<alarm::Condition> told_;
};

}  // namespace wl::collector
