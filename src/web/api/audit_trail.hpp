// Who changed what: what every write of the API says to the audit log.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// One entry. `before` and `after` are JSON or plain text, at most 4,000 bytes each; never a
/// secret. `at`, `actor` and `remote_address` are filled from the call by entry_of().
struct AuditEntry {
  Timestamp at{};
  std::string actor;  ///< The name of the user, with `/token:<name>` behind it for a token.
  std::string remote_address;  ///< Empty for the command line.
  std::string action;          ///< `threshold.change`, `user.add`, `command.start`, `login.failed`.
  std::string subject;         ///< What it was done to: `threshold 12`, `conveyor`, `user anna`.
  std::string before;
  std::string after;
};

/// Writes entries through the account desk, in order. Lives on the loop's thread.
class AuditTrail {
 public:
  using Written = std::move_only_function<void(Result<void>)>;

  virtual ~AuditTrail() = default;
  /// Calls `then` when it is on disk, or with the reason why it is not. What must not happen
  /// unrecorded (a command to the line) is done only after it.
  virtual void record(AuditEntry entry, Written then) = 0;
  /// For what has been done already: a failure is logged and counted.
  void record(AuditEntry entry) {
    record(std::move(entry), [](Result<void>) {});
  }
};

}  // namespace wl::web
