// `wattline status`: what the status files and /proc say.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <thread>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/proc.hpp"
#include "apps/wattline/supervise/instance.hpp"
#include "base/process_status.hpp"

namespace wl::command {
namespace {

/// One line of the table.
struct Row {
  std::string name;
  pid_t pid = 0;
  std::string state;  ///< running, hung, not running.
  bool healthy = false;
  std::string reason;
  Milliseconds uptime{};
  double cpu_percent = 0;
  double memory_mb = 0;
  std::vector<std::pair<std::string, std::string>> details{};
};

Row read_row(const std::filesystem::path& run_directory, const std::string& name) {
  Row row{.name = name, .state = "not running", .reason = "not running"};
  const auto pid = name == "wattline" ? supervise::running_supervisor(run_directory)
                                      : supervise::running_process(run_directory, name);
  if (!pid) return row;
  row.pid = *pid;
  const auto status = read_status(run_directory, name);
  if (!status || status->pid != *pid) {
    row.state = "starting";
    row.reason = "no heartbeat yet";
    return row;
  }
  const Milliseconds age = wall_now() - status->heartbeat_at;
  row.uptime = wall_now() - status->started_at;
  row.details = status->details;
  row.state = age > status_stale_after ? "hung" : "running";
  row.healthy = status->healthy && age <= status_stale_after;
  row.reason = age > status_stale_after ? fmt::format("last heartbeat {} s ago", age.count() / 1000)
                                        : status->reason;
  return row;
}

/// Two looks a third of a second apart give the CPU of now, not of the whole life.
void measure(std::vector<Row>& rows) {
  constexpr Milliseconds interval{300};
  std::vector<double> before;
  for (const Row& row : rows) {
    before.push_back(process_figures(row.pid).value_or(ProcessFigures{}).cpu_seconds);
  }
  std::this_thread::sleep_for(interval);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto figures = process_figures(rows[i].pid);
    if (rows[i].pid == 0 || !figures) continue;
    rows[i].cpu_percent = (figures->cpu_seconds - before[i]) / 0.3 * 100;
    rows[i].memory_mb = figures->memory_mb;
  }
}

std::string uptime_text(Milliseconds uptime) {
  const auto s = uptime.count() / 1000;
  if (s < 0) return "-";  // The clock was set back since.
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  if (s < 86'400) return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
  return fmt::format("{}d{:02}h", s / 86'400, s / 3600 % 24);
}

/// A process may do its work and still have something to say.
std::string health_text(const Row& row) {
  if (!row.healthy) return row.reason;
  return row.reason.empty() ? "healthy" : "healthy; " + row.reason;
}

/// As many as fit on a line; empty ones say nothing.
void print_details(const Row& row) {
  constexpr std::size_t width = 100;
  const std::string indent(11, ' ');
  std::string line = indent;
  for (const auto& [key, value] : row.details) {
    if (value.empty()) continue;
    const std::string figure = fmt::format("{}={}", key, value);
    if (line.size() + figure.size() > width && line.size() > indent.size()) {
      fmt::print("{}\n", line);
      line = indent;
    }
    line += figure + "  ";
  }
  if (line.size() > indent.size()) fmt::print("{}\n", line);
}

void print_table(const std::vector<Row>& rows) {
  fmt::print("{:<10} {:>7}  {:<11} {:>8} {:>6} {:>8}  {}\n", "process", "pid", "state", "uptime",
             "cpu", "memory", "health");
  for (const Row& row : rows) {
    if (row.pid == 0) {
      fmt::print("{:<10} {:>7}  {:<11} {:>8} {:>6} {:>8}  {}\n", row.name, "-", row.state, "-", "-",
                 "-", "");
    } else {
      fmt::print("{:<10} {:>7}  {:<11} {:>8} {:>5.1f}% {:>5.1f} MB  {}\n", row.name, row.pid,
                 row.state, uptime_text(row.uptime), row.cpu_percent, row.memory_mb,
                 health_text(row));
    }
    print_details(row);
  }
}

void print_json(const std::vector<Row>& rows) {
  boost::json::array processes;
  for (const Row& row : rows) {
    boost::json::object details;
    for (const auto& [key, value] : row.details) details[key] = value;
    processes.push_back({{"name", row.name},
                         {"pid", row.pid},
                         {"state", row.state},
                         {"healthy", row.healthy},
                         {"reason", row.reason},
                         {"uptime_s", double(row.uptime.count()) / 1000},
                         {"cpu_percent", row.cpu_percent},
                         {"memory_mb", row.memory_mb},
                         {"details", details}});
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"processes", processes}}));
}

}  // namespace

int status(const std::filesystem::path& root, OutputForm form) {
  const Settings settings = read_settings(root);
  std::vector<Row> rows{read_row(settings.run_dir, "wattline")};
  for (const char* name : process_names) rows.push_back(read_row(settings.run_dir, name));
  measure(rows);
  form == OutputForm::json ? print_json(rows) : print_table(rows);
  return std::ranges::all_of(rows, &Row::healthy) ? 0 : 1;
}

}  // namespace wl::command
