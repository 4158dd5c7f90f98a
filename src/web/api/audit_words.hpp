// Entries of the audit log about what is done to the system.
#pragma once

#include <string>

#include "web/api/audit_trail.hpp"

namespace wl::web {

/// Who and from where are those of the call; before and after are left empty.
AuditEntry audit_entry(const Call& call, Timestamp at, std::string action, std::string subject);

/// Where no audit log is kept: whatever must not happen unrecorded does not happen.
class NoAuditTrail : public AuditTrail {
 public:
  using AuditTrail::record;
  void record(AuditEntry entry, Written then) override;
};

}  // namespace wl::web
