// Reads status files, /proc, log files and the outbox for the loop.
#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/host/journal.hpp"
#include "storage/store.hpp"
#include "web/system/system_facts.hpp"
#include "web/workers.hpp"

namespace wl::web {

/// Where an installation keeps what is told about it.
struct SystemPlaces {
  std::filesystem::path run_dir;
  std::filesystem::path log_dir;
  std::filesystem::path data_dir;
  std::filesystem::path outbox_dir;
  storage::DatabaseOptions database;
};

struct LogQuery {
  std::string process;  ///< One of process_names or supervisor_name; never text of a request.
  std::size_t lines = 200;
  int lowest_level = 0;  ///< Index into log_levels.
};

/// As spdlog writes them, the least important first.
inline constexpr std::array<std::string_view, 6> log_levels{"trace",   "debug", "info",
                                                            "warning", "error", "critical"};

/// The desk's thread owns it. A look takes some milliseconds; the first one, and one after a pause,
/// 200 ms more: the use of a processor is a difference.
class SystemFiles {
 public:
  explicit SystemFiles(SystemPlaces places) : places_(std::move(places)) {}

  Result<SystemFacts> look(Timestamp now);
  /// The newest messages, oldest first; of the current and the rotated files at most their last
  /// MiB.
  Result<std::vector<journal::Entry>> log(const LogQuery& query) const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  /// What the differences are taken from.
  struct Before {
    SteadyTime at{};
    std::optional<CpuTicks> host;
    std::map<pid_t, double> cpu_seconds;
  };

  Before look_at_processors(const std::vector<ProcessState>& states) const;
  std::vector<ProcessFacts> facts_of(std::vector<ProcessState> states, const Before& now) const;
  HostFacts host(const Before& now) const;
  DatabaseFacts database();
  std::optional<std::uint64_t> server_bytes();

  SystemPlaces places_;
  Before before_;
  std::optional<std::uint64_t> server_bytes_;
  SteadyTime next_server_look_{};
};

using SystemDesk = Desk<SystemFiles>;

}  // namespace wl::web
