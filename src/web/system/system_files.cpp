#include "web/system/system_files.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "base/host/process_figures.hpp"
#include "storage/database_size.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto shortest_difference = 200ms;
constexpr auto longest_difference = 15s;  // Above it the use of now is wanted, not the mean.
constexpr auto between_server_looks = 60s;
constexpr Milliseconds server_patience{2000};

double seconds_between(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

int level_index(std::string_view word) {
  return static_cast<int>(std::ranges::find(log_levels, word) - log_levels.begin());
}

}  // namespace

Result<SystemFacts> SystemFiles::look(Timestamp now) {
  auto states = states_of_processes(places_.run_dir, now);
  Before seen = look_at_processors(states);
  if (seen.at - before_.at > longest_difference) {
    before_ = std::move(seen);
    std::this_thread::sleep_for(shortest_difference);
    seen = look_at_processors(states);
  }
  SystemFacts facts;
  facts.at = now;
  facts.host = host(seen);
  facts.processes = facts_of(std::move(states), seen);
  facts.database = database();
  if (auto outbox = mail::read_status(places_.outbox_dir, now)) facts.outbox = std::move(*outbox);
  if (seen.at - before_.at >= shortest_difference) before_ = std::move(seen);
  return facts;
}

SystemFiles::Before SystemFiles::look_at_processors(const std::vector<ProcessState>& states) const {
  Before seen{.at = SteadyClock::now(), .host = cpu_ticks(), .cpu_seconds = {}};
  for (const ProcessState& state : states) {
    if (state.pid == 0) continue;
    if (const auto figures = process_figures(state.pid))
      seen.cpu_seconds[state.pid] = figures->cpu_seconds;
  }
  return seen;
}

std::vector<ProcessFacts> SystemFiles::facts_of(std::vector<ProcessState> states,
                                                const Before& now) const {
  const double seconds = seconds_between(before_.at, now.at);
  std::vector<ProcessFacts> all;
  for (ProcessState& state : states) {
    ProcessFacts facts;
    const auto used = now.cpu_seconds.find(state.pid);
    const auto used_before = before_.cpu_seconds.find(state.pid);
    if (used != now.cpu_seconds.end()) {
      facts.cpu_seconds = used->second;
      if (used_before != before_.cpu_seconds.end() && seconds > 0)
        facts.cpu_percent = std::max(0.0, (used->second - used_before->second) / seconds * 100);
      if (const auto figures = process_figures(state.pid)) facts.memory_mb = figures->memory_mb;
    }
    facts.state = std::move(state);
    all.push_back(std::move(facts));
  }
  return all;
}

HostFacts SystemFiles::host(const Before& now) const {
  HostFacts host;
  host.processors = std::max(1u, std::thread::hardware_concurrency());
  if (before_.host && now.host) host.cpu_percent = busy_percent(*before_.host, *now.host);
  host.memory = memory_room();
  host.disk = disk_room(places_.data_dir);
  return host;
}

DatabaseFacts SystemFiles::database() {
  DatabaseFacts facts;
  facts.type = places_.database.mysql ? "mysql" : "sqlite";
  if (places_.database.mysql) {
    facts.bytes = server_bytes();
  } else if (const auto bytes = storage::database_bytes(places_.database)) {
    facts.bytes = *bytes;
  }
  if (places_.database.pool) facts.pool = storage::pool_figures(*places_.database.pool);
  return facts;
}

/// Once a minute and with little patience: a silent server must not hold up what else is told.
std::optional<std::uint64_t> SystemFiles::server_bytes() {
  const auto now = SteadyClock::now();
  if (now < next_server_look_) return server_bytes_;
  storage::DatabaseOptions options = places_.database;
  options.pool = nullptr;
  options.mysql->timeout = server_patience;
  options.mysql->pool_size = 1;
  const auto bytes = storage::database_bytes(options);
  if (!bytes) spdlog::debug("size of the database: {}", bytes.error().what);
  server_bytes_ = bytes ? std::optional(*bytes) : std::nullopt;
  next_server_look_ = SteadyClock::now() + between_server_looks;
  return server_bytes_;
}

Result<std::vector<journal::Entry>> SystemFiles::log(const LogQuery& query) const {
  journal::Wanted wanted;
  if (query.lowest_level > 0) {
    wanted = [lowest = query.lowest_level](const journal::Entry& entry) {
      const int level = level_index(journal::level_of(entry));
      return level >= lowest && level < static_cast<int>(log_levels.size());
    };
  }
  return journal::tail(places_.log_dir, query.process, query.lines, wanted);
}

}  // namespace wl::web
