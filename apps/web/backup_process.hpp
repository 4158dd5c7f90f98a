// Backups by `wattline backup`, a process of its own.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "apps/wattline/supervise/child.hpp"
#include "web/api/backup_keeper.hpp"

namespace wl {

struct BackupOptions {
  supervise::ProgramSpec program;   ///< `wattline backup --progress`; tells steps on stderr.
  std::filesystem::path directory;  ///< BACKUP_DIR.
  std::filesystem::path run_dir;    ///< The supervisor's status says when it makes one by itself.
  Milliseconds limit = std::chrono::hours{6};  ///< Then it is killed and counts as failed.
};

/// A child process, not a thread: it takes a processor and some hundred megabytes for minutes, and
/// what it took goes with it, so that the web process stays responsive and as small as it was. It
/// gets SIGTERM when this process dies, and cleans up behind itself.
class BackupProcess : public web::BackupKeeper {
 public:
  explicit BackupProcess(BackupOptions options);
  ~BackupProcess() override;  ///< Ends a backup that runs; waits 5 s for it at most.

  web::BackupOverview overview(Timestamp now) override;
  Result<web::BackupRun> start(const std::string& by, Timestamp now) override;

 private:
  void reap(Timestamp now);
  bool supervisor_makes_one(Timestamp now) const;

  BackupOptions options_;
  supervise::Child child_;
  std::optional<web::BackupRun> run_;
  std::chrono::steady_clock::time_point kill_at_{};
};

}  // namespace wl
