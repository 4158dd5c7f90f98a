// Who makes backups and knows which there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "web/workers.hpp"

namespace wl::web {

/// One that lies in BACKUP_DIR, whoever made it.
struct StoredBackup {
  std::string name;  ///< Of the file, without a folder.
  std::uint64_t bytes = 0;
  Timestamp made_at{};
};

/// The newest one that the web process was asked for, or one that another program makes now.
struct BackupRun {
  enum class State { running, finished, failed };

  State state = State::running;
  std::string started_by;  ///< A user; empty: `wattline up` or the command line.
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> ended_at;
  std::string step;    ///< What it does now; empty when that is not known.
  std::string file;    ///< Of a finished one: its name.
  std::string reason;  ///< Of a failed one.
};

struct BackupOverview {
  std::vector<StoredBackup> stored;  ///< Newest first.
  std::optional<BackupRun> run;      ///< Nothing since the start of the web process.
};

/// The thread of a desk owns it. No call waits for a backup.
class BackupKeeper {
 public:
  virtual ~BackupKeeper() = default;
  virtual BackupOverview overview(Timestamp now) = 0;
  /// `conflict` while one runs, whoever started it; `permission` when it cannot be started.
  virtual Result<BackupRun> start(const std::string& by, Timestamp now) = 0;
};

using BackupDesk = Desk<BackupKeeper>;

}  // namespace wl::web
