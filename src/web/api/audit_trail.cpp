#include "web/api/audit_trail.hpp"

namespace wl::web {

AuditEntry entry_of(const Call& call, Timestamp at, std::string action, std::string subject) {
  AuditEntry entry;
  entry.at = at;
  entry.actor = call.caller.username;
  if (call.caller.by_token()) entry.actor += "/token:" + call.caller.token_name;
  entry.remote_address = call.request.remote_address;
  entry.action = std::move(action);
  entry.subject = std::move(subject);
  return entry;
}

void AuditPen::write(const Call& call, std::string action, std::string subject,
                     AuditChange change) const {
  AuditEntry entry = entry_of(call, clock(), std::move(action), std::move(subject));
  entry.before = std::move(change.before);
  entry.after = std::move(change.after);
  trail.record(std::move(entry));
}

}  // namespace wl::web
