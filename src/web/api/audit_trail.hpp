// Who changed what: what every write of the API says to the audit log.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// One entry, as an API makes it; no secret is in it. `before` and `after` are JSON or plain text
/// of at most 4,000 bytes, more is cut. `at`, `actor` and `remote_address` are filled from the call
/// by entry_of().
struct AuditEntry {
  Timestamp at{};
  std::string actor;  ///< The name of the user, with `/token:<name>` behind it for a token.
  std::string remote_address;  ///< Empty for the command line.
  std::string action;          ///< `threshold.change`, `user.add`, `command.start`, `login.failed`.
  std::string subject;         ///< What it was done to: `threshold 12`, `conveyor`, `user anna`.
  std::string before;
  std::string after;
};

/// `action` and `subject` by who sent the call.
AuditEntry entry_of(const Call& call, Timestamp at, std::string action, std::string subject);

/// Writes entries through the account desk, in order. Lives on the loop's thread.
class AuditTrail {
 public:
  using Written = std::move_only_function<void(Result<void>)>;

  virtual ~AuditTrail() = default;
  /// Calls `then` when it is on disk, or with the reason why it is not. What must not happen
  /// unrecorded (a command to the line) is done only after it.
  virtual void record(AuditEntry entry, Written then) = 0;
  /// For what has been done already: it is tried until it is on disk; what is lost all the same is
  /// logged and counted.
  virtual void record(AuditEntry entry) {
    record(std::move(entry), [](Result<void>) {});
  }
};

/// JSON or plain text; empty where there is nothing to say.
struct AuditChange {
  std::string before = {};
  std::string after = {};
};

/// Where a handler writes what was done, and by which clock.
struct AuditPen {
  AuditTrail& trail;
  std::function<Timestamp()> clock;

  void write(const Call& call, std::string action, std::string subject, AuditChange change) const;
};

}  // namespace wl::web
