// `wattline status`: what the status files and /proc say.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <thread>

#include "apps/wattline/commands.hpp"
#include "base/host/process_figures.hpp"
#include "base/host/process_state.hpp"

namespace wl::command {
namespace {

/// One line of the table.
struct Row {
  ProcessState state;
  double cpu_percent = 0;
  double memory_mb = 0;
};

/// Two looks a third of a second apart give the CPU of now, not of the whole life.
void measure(std::vector<Row>& rows) {
  constexpr Milliseconds interval{300};
  std::vector<double> before;
  for (const Row& row : rows) {
    before.push_back(process_figures(row.state.pid).value_or(ProcessFigures{}).cpu_seconds);
  }
  std::this_thread::sleep_for(interval);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto figures = process_figures(rows[i].state.pid);
    if (rows[i].state.pid == 0 || !figures) continue;
    rows[i].cpu_percent = (figures->cpu_seconds - before[i]) / 0.3 * 100;
    rows[i].memory_mb = figures->memory_mb.value_or(0);
  }
}

std::string uptime_text(std::optional<Milliseconds> uptime) {
  const auto s = uptime.value_or(Milliseconds{-1000}).count() / 1000;
  if (s < 0) return "-";  // Not known, or the clock was set back since.
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  if (s < 86'400) return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
  return fmt::format("{}d{:02}h", s / 86'400, s / 3600 % 24);
}

/// A process may do its work and still have something to say.
std::string health_text(const ProcessState& state) {
  if (!state.healthy) return state.reason;
  return state.reason.empty() ? "healthy" : "healthy; " + state.reason;
}

/// As many as fit on a line; empty ones say nothing.
void print_details(const ProcessState& state) {
  constexpr std::size_t width = 100;
  const std::string indent(11, ' ');
  std::string line = indent;
  for (const auto& [key, value] : state.details) {
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
    const ProcessState& state = row.state;
    if (state.pid == 0) {
      fmt::print("{:<10} {:>7}  {:<11} {:>8} {:>6} {:>8}  {}\n", state.name, "-",
                 word_of(state.life), "-", "-", "-", "");
    } else {
      fmt::print("{:<10} {:>7}  {:<11} {:>8} {:>5.1f}% {:>5.1f} MB  {}\n", state.name, state.pid,
                 word_of(state.life), uptime_text(state.uptime), row.cpu_percent, row.memory_mb,
                 health_text(state));
    }
    print_details(state);
  }
}

void print_json(const std::vector<Row>& rows) {
  boost::json::array processes;
  for (const Row& row : rows) {
    const ProcessState& state = row.state;
    boost::json::object details;
    for (const auto& [key, value] : state.details) details[key] = value;
    const Milliseconds uptime = state.uptime.value_or(Milliseconds{0});
    processes.push_back({{"name", state.name},
                         {"pid", state.pid},
                         {"state", std::string(word_of(state.life))},
                         {"healthy", state.healthy},
                         {"reason", state.reason},
                         {"uptime_s", double(uptime.count()) / 1000},
                         {"cpu_percent", row.cpu_percent},
                         {"memory_mb", row.memory_mb},
                         {"details", details}});
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"processes", processes}}));
}

}  // namespace

int status(const std::filesystem::path& root, OutputForm form) {
  const Settings settings = read_settings(root);
  std::vector<Row> rows;
  for (ProcessState& state : states_of_processes(settings.run_dir, wall_now()))
    rows.push_back({.state = std::move(state)});
  measure(rows);
  form == OutputForm::json ? print_json(rows) : print_table(rows);
  return std::ranges::all_of(rows, [](const Row& row) { return row.state.healthy; }) ? 0 : 1;
}

}  // namespace wl::command
