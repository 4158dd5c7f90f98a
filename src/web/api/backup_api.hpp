// /api/backups and /api/backup: which there are, and make one now.
#pragma once

#include <string>
#include <vector>

#include "web/api/audit_trail.hpp"
#include "web/api/backup_keeper.hpp"
#include "web/api/session_directory.hpp"
#include "web/http/problem.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// Tells names and sizes; the files hold secrets and are not given out. Lives on the loop's thread.
class BackupApi {
 public:
  BackupApi(BackupDesk& desk, AuditTrail& audit, Clock clock)
      : desk_(desk), audit_(audit), clock_(std::move(clock)) {}

  std::vector<Route> routes();
  /// Every second or so: learns how a backup ended that was started here, for the audit log.
  void tick();

 private:
  void list(Call call, Reply reply);
  void start(Call call, Reply reply);
  void on_overview(const BackupOverview& overview);

  BackupDesk& desk_;
  AuditTrail& audit_;
  Clock clock_;
  std::optional<AuditEntry> waits_for_end_;  ///< Of the backup that was started here.
  bool looking_ = false;
};

}  // namespace wl::web
