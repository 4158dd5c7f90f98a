// Starts the processes in order, keeps them alive, stops them in reverse order.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "apps/wattline/supervise/backup_job.hpp"
#include "apps/wattline/supervise/child.hpp"
#include "apps/wattline/supervise/child_machine.hpp"
#include "apps/wattline/supervise/control.hpp"
#include "base/stop_signal.hpp"

namespace wl::supervise {

struct SupervisorOptions {
  std::vector<ProgramSpec> programs;  ///< In the order of the start.
  std::filesystem::path run_directory;
  std::string version;
  Limits limits;
  /// How long a start waits for one process to be healthy before it goes on to the next.
  Milliseconds healthy_limit{30'000};
  int max_exits_at_start = 3;              ///< So many, and the start has failed.
  std::uintmax_t output_limit = 1 << 20;   ///< Bytes of one logs/<name>.out.
  std::optional<BackupJobOptions> backup;  ///< Nothing: this supervisor makes none.
};

enum class StartOutcome {
  healthy,
  degraded,             ///< All run, but one says that it is not healthy; supervision goes on.
  failed,               ///< One ends again and again.
  configuration_error,  ///< One ended with code 2; its words were reported.
  interrupted,          ///< A stop was asked for.
};

/// Owns the processes. Everything happens on the thread that calls; the waits end at once when a
/// process ends or a stop is asked for.
class Supervisor {
 public:
  /// `report` gets one line for a person each time something happens.
  using Report = std::function<void(const std::string& line)>;

  Supervisor(SupervisorOptions options, StopSignal& stop, Report report);
  ~Supervisor();

  StartOutcome start_all();
  /// Keeps them alive and answers requests until a stop is asked for.
  void supervise(const ControlSocket& control);
  /// In reverse order; SIGKILL for what ignores SIGTERM.
  void stop_all();

  /// For the supervisor's own status: `plc 1234 running, 2 restarts`.
  std::vector<std::pair<std::string, std::string>> details() const;

 private:
  struct Entry;

  StartOutcome start_one(Entry& entry, std::string_view position);
  StartOutcome wait_healthy(Entry& entry, std::string_view position);
  void stop_one(Entry& entry);
  void serve(const ControlRequest& request);
  int restart(std::span<const std::unique_ptr<Entry>> entries, const ControlRequest& request);

  void step(Milliseconds longest_wait, int extra_fd = -1);
  void look_at(Entry& entry);
  void act(Entry& entry, Action action);
  void write_own_status();

  SupervisorOptions options_;
  StopSignal& stop_;
  Report report_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::optional<BackupJob> backup_;
  Timestamp started_at_;
  Milliseconds status_written_{};
  bool stopping_ = false;
};

}  // namespace wl::supervise
