// What makes an installation: its files, its database, and proof that nothing of it runs.
#pragma once

#include <vector>

#include "apps/database/database_options.hpp"
#include "apps/settings/settings.hpp"
#include "base/instance_lock.hpp"
#include "storage/backup/restore.hpp"

namespace wl::command {

/// Files and folders that a backup holds beside the database, by their names in it.
std::vector<storage::RestoreTarget> installation_files(const Settings& settings);

/// Nothing of the installation runs, and nothing can start, for as long as it lives.
class StandStill {
 public:
  /// `conflict` names what runs and the next step.
  static Result<StandStill> take(const Settings& settings);

 private:
  StandStill(InstanceLock supervisor, InstanceLock collector)
      : supervisor_(std::move(supervisor)), collector_(std::move(collector)) {}

  InstanceLock supervisor_;
  InstanceLock collector_;
};

/// The lock that makes a process the only writer of samples: the collector's own.
Result<InstanceLock> lock_samples(const Settings& settings);

/// Completes a restore that was killed half-way, and says so. Before the database is opened.
void finish_interrupted_restore(const Settings& settings);

}  // namespace wl::command
