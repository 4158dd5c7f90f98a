// /api/devices/{id}/commands: what an administrator tells the line to do.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "web/api/audit_trail.hpp"
#include "web/api/command_words.hpp"
#include "web/api/session_directory.hpp"
#include "web/command/line_commander.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// The desks on which commands are carried out. An emergency stop has its own: it must not wait
/// behind a command that waits for its proof.
struct CommandDesks {
  CommandDesk& usual;
  CommandDesk& emergency;
};

/// In this order: what the device takes; nothing else under way for it; the intent is in the audit
/// log; written; proven; the outcome is in the audit log. An emergency stop waits for none of them:
/// it is written at once and recorded as soon as the log takes it. Lives on the loop's thread.
class CommandApi {
 public:
  CommandApi(CommandablePlant plant, CommandDesks desks, AuditTrail& audit, Clock clock)
      : commands_(plant),
        plant_(plant.plant),
        desks_(desks),
        audit_(audit),
        clock_(std::move(clock)) {}

  std::vector<Route> routes();
  /// Every second or so: tries again to record emergency stops that were not.
  void tick();

 private:
  /// One command on its way.
  struct Order {
    LineCommand command;
    AuditEntry entry;
    Language language;
    Reply reply;
  };
  using Shared = std::shared_ptr<Order>;

  void list(Call call, Reply reply);
  void command(Call call, Reply reply);
  void record_then_carry_out(Shared order);
  void carry_out(Shared order);
  void on_outcome(const Shared& order, const Result<opcua::WriteReport>& outcome);
  void end(const Shared& order, Response response);
  enum class Attempt { first, again };
  /// An emergency stop happened, so its entry is kept until the log takes it.
  void record_at_last(AuditEntry entry, Attempt attempt);

  CommandablePlant commands_;
  const Plant& plant_;
  CommandDesks desks_;
  AuditTrail& audit_;
  Clock clock_;
  std::map<std::uint32_t, int> under_way_;  ///< By device.
  std::deque<AuditEntry> unrecorded_;       ///< Of emergency stops; the newest most_unrecorded.
};

}  // namespace wl::web
