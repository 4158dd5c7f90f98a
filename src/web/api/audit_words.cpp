#include "web/api/audit_words.hpp"

namespace wl::web {

AuditEntry audit_entry(const Call& call, Timestamp at, std::string action, std::string subject) {
  AuditEntry entry;
  entry.at = at;
  entry.actor = call.caller.username;
  entry.remote_address = call.request.remote_address;
  entry.action = std::move(action);
  entry.subject = std::move(subject);
  return entry;
}

void NoAuditTrail::record(AuditEntry, Written then) {
  then(fail(Errc::unavailable, "this process keeps no audit log"));
}

}  // namespace wl::web
