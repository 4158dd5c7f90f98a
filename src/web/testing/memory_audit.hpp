// An audit log in memory, for tests; it can be told to fail.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "web/api/audit_trail.hpp"

namespace wl::web::testing {

/// Written on the loop's thread, read by the test's.
class MemoryAudit : public AuditTrail {
 public:
  using AuditTrail::record;
  void record(AuditEntry entry, Written then) override {
    if (failing_) return then(fail(Errc::unavailable, "the disk of the audit log is full"));
    {
      const std::lock_guard lock(mutex_);
      entries_.push_back(std::move(entry));
    }
    then({});
  }

  void set_failing(bool failing) { failing_ = failing; }
  std::vector<AuditEntry> entries() const {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  std::atomic<bool> failing_ = false;
  mutable std::mutex mutex_;
  std::vector<AuditEntry> entries_;
};

}  // namespace wl::web::testing
