#include "apps/plc/status_report.hpp"

#include <fmt/format.h>

namespace wl {
namespace {

std::string number(double value) {
  return fmt::format("{:.1f}", value);
}

std::string reason_of(const PlcCondition& condition, Milliseconds stalled) {
  if (condition.cycles == 0) return "the first scan is still to come";
  if (stalled >= StatusReport::stall_limit) {
    return fmt::format("the scan loop has not moved for {} s", stalled.count() / 1000);
  }
  if (!condition.fault.empty()) {
    return fmt::format("FAULT: {}; `wattline restart plc` clears it", condition.fault);
  }
  return condition.retain_trouble;
}

}  // namespace

StatusReport::StatusReport(std::string version, int pid, Timestamp started_at) {
  status_.name = "plc";
  status_.version = std::move(version);
  status_.pid = pid;
  status_.started_at = started_at;
  status_.heartbeat_at = started_at;
}

ProcessStatus StatusReport::at(Timestamp now, const PlcCondition& condition) {
  if (condition.cycles != last_cycles_) {
    last_cycles_ = condition.cycles;
    status_.heartbeat_at = now;
  }
  status_.reason = reason_of(condition, now - status_.heartbeat_at);
  status_.healthy = status_.reason.empty();
  const auto& minute = condition.loop.last_minute;
  const auto& total = condition.loop.since_start;
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(now - status_.started_at);
  status_.details = {{"state", condition.fault.empty() ? "RUN" : "FAULT"},
                     {"scan_us_last", number(condition.loop.last_us)},
                     {"scan_us_mean", number(minute.mean_us)},
                     {"scan_us_max", number(minute.max_us)},
                     {"scan_us_max_ever", number(total.max_us)},
                     {"jitter_us_max", number(minute.max_jitter_us)},
                     {"overruns_minute", fmt::format("{}", minute.overruns)},
                     {"overruns", fmt::format("{}", total.overruns)},
                     {"missed_deadlines", fmt::format("{}", total.missed)},
                     {"scans", fmt::format("{}", condition.cycles)},
                     {"boot_count", fmt::format("{}", condition.boot_count)},
                     {"pous", fmt::format("{}", condition.pous)},
                     {"sessions", fmt::format("{}", condition.sessions)},
                     {"uptime_s", fmt::format("{}", uptime.count())}};
  return status_;
}

}  // namespace wl
