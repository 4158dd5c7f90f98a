// `wattline up` makes a backup every BACKUP_INTERVAL, by `wattline backup` as a process of its own.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/wattline/supervise/child.hpp"
#include "base/time.hpp"

namespace wl::supervise {

/// When the next backup is due. Pure: the caller tells the time, monotonic, and how old the newest
/// backup is, whoever made it.
class BackupTimer {
 public:
  /// `interval` 0: never. The first look comes a minute after the start, when the line runs.
  BackupTimer(Milliseconds interval, Milliseconds now);

  /// True when it is time to look for the newest backup.
  bool wants_look(Milliseconds now) const { return interval_.count() > 0 && now >= next_look_; }
  /// True: make one now. `age` of the newest backup; nothing when there is none; below 0 when the
  /// clock was set back since, which counts as new.
  bool is_due(std::optional<Milliseconds> age, Milliseconds now);
  /// After a failure the next try comes in a quarter of an hour, or sooner if the interval is less.
  void finished(bool well, Milliseconds now);

 private:
  Milliseconds interval_;
  Milliseconds next_look_;
};

struct BackupJobOptions {
  ProgramSpec program;
  Milliseconds interval{0};
  Milliseconds limit{std::chrono::hours{6}};  ///< Then it is killed and counts as failed.
  /// When the newest backup was made; asked when one may be due.
  std::function<std::optional<Timestamp>()> newest;
};

/// Owns the process of a running backup. A failure is logged and shown, never more than that.
/// Belongs to the supervisor's thread.
class BackupJob {
 public:
  BackupJob(BackupJobOptions options, Milliseconds now);

  /// Starts what is due, reaps what ended. Call it at least every second.
  void look(Milliseconds now);
  /// Ends a running backup, which cleans up behind itself; waits 5 s at most.
  void stop();
  int pid_fd() const { return child_.pid_fd(); }  ///< Readable when it ended; -1: none runs.

  /// `backup` → `2026-11-22T12:00:00.000Z`, `running` or `failed: …`; empty when there is none.
  std::vector<std::pair<std::string, std::string>> details() const;

 private:
  void start(Milliseconds now);
  void reap(Milliseconds now);

  BackupJobOptions options_;
  BackupTimer timer_;
  Child child_;
  Milliseconds started_at_{};
  std::string failure_;
};

}  // namespace wl::supervise
