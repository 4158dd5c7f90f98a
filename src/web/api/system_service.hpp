// All that the service tells of and does to the system, in one place for Application.
#pragma once

#include <functional>
#include <vector>

#include "web/api/backup_api.hpp"
#include "web/api/command_api.hpp"
#include "web/api/log_api.hpp"
#include "web/api/point_api.hpp"
#include "web/api/system_api.hpp"
#include "web/metrics/metrics_page.hpp"

namespace wl::web {

/// What it works with; all outlive it.
struct SystemSurroundings {
  SystemDesk& system;
  BackupDesk& backups;
  CommandDesks command_desks;
  const CommandTable& commands;
  const TagTable& tags;
  AuditTrail* audit;  ///< Application puts its own in the place of null.
  /// Entries that the audit log did not take; empty: not told.
  std::function<std::uint64_t()> audit_lost = {};
};

/// Lives on the loop's thread.
class SystemService {
 public:
  SystemService(SystemSurroundings surroundings, const Plant& plant, const LiveHub& hub,
                StoreDesk& store, Clock clock, std::function<WebFigures()> figures);

  std::vector<Route> routes();
  /// Every second or so.
  void tick();
  SystemCache& cache() { return cache_; }

 private:
  void metrics(Call call, Reply reply);
  WebFigures figures() const;

  SystemSurroundings surroundings_;
  SystemCache cache_;
  SystemApi system_api_;
  PointApi point_api_;
  LogApi log_api_;
  BackupApi backup_api_;
  CommandApi command_api_;
  std::function<WebFigures()> figures_;
};

}  // namespace wl::web
