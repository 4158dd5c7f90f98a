#include "web/metrics/metrics_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "web/metrics/metrics_writer.hpp"

namespace wl::web {
namespace {

constexpr auto counter = MetricType::counter;
constexpr auto gauge = MetricType::gauge;

/// Details that count up from the start of a process on.
constexpr std::array<std::string_view, 24> counters{"scans",
                                                    "overruns",
                                                    "missed_deadlines",
                                                    "updates",
                                                    "updates_dropped",
                                                    "history_cut",
                                                    "samples_accepted",
                                                    "samples_from_history",
                                                    "samples_stored",
                                                    "batches_stored",
                                                    "spool_records_lost",
                                                    "samples_dropped",
                                                    "samples_unknown",
                                                    "chunks_written",
                                                    "chunks_removed",
                                                    "overflows",
                                                    "live_readers_dropped",
                                                    "outbox_dropped",
                                                    "outbox_sent",
                                                    "boot_count",
                                                    "plc_restarts",
                                                    "gateway_restarts",
                                                    "collector_restarts",
                                                    "web_restarts"};

bool counts_up(std::string_view detail) {
  return std::ranges::find(counters, detail) != counters.end() || detail.starts_with("cleaned_");
}

/// One family with a sample a process, of those that have the figure.
template <class Figure>
void of_processes(MetricsWriter& out, std::string_view name, MetricType type, std::string_view help,
                  const SystemFacts& facts, Figure figure) {
  if (!out.family(name, type, help)) return;
  for (const ProcessFacts& process : facts.processes) {
    const std::optional<double> value = figure(process);
    if (value) out.sample(*value, {{"process", process.state.name}});
  }
}

std::optional<double> seconds_of(std::optional<Milliseconds> time) {
  return time ? std::optional(static_cast<double>(time->count()) / 1000) : std::nullopt;
}

std::optional<double> flag(bool value) {
  return value ? 1.0 : 0.0;
}

void write_processes(MetricsWriter& out, const SystemFacts& facts) {
  const auto lives = [](const ProcessFacts& process) {
    return process.state.life == ProcessState::Life::running;
  };
  of_processes(out, "wattline_up", gauge, "1: the process runs and renews its status file.", facts,
               [&](const ProcessFacts& process) { return flag(lives(process)); });
  of_processes(out, "wattline_healthy", gauge, "1: the process does its work.", facts,
               [](const ProcessFacts& process) { return flag(process.state.healthy); });
  of_processes(out, "wattline_heartbeat_age_seconds", gauge, "Age of the status file.", facts,
               [](const ProcessFacts& process) { return seconds_of(process.state.heartbeat_age); });
  of_processes(out, "wattline_process_uptime_seconds", gauge, "Time since the start.", facts,
               [](const ProcessFacts& process) { return seconds_of(process.state.uptime); });
  of_processes(out, "wattline_process_cpu_seconds_total", counter,
               "User and system time of the process.", facts,
               [](const ProcessFacts& process) { return process.cpu_seconds; });
  of_processes(out, "wattline_process_memory_bytes", gauge,
               "Memory, shared pages divided among their users (PSS).", facts,
               [](const ProcessFacts& process) -> std::optional<double> {
                 if (!process.memory_mb) return std::nullopt;
                 return *process.memory_mb * 1e6;
               });
}

void write_details(MetricsWriter& out, const ProcessFacts& process) {
  const ProcessState& state = process.state;
  if (state.life != ProcessState::Life::running) return;
  for (const auto& [detail, text] : state.details) {
    const auto value = number_of(text);
    if (!value) continue;
    const std::string name = metric_name(fmt::format("wattline_{}_{}", state.name, detail));
    out.single(name, counts_up(detail) ? counter : gauge,
               fmt::format("{} in the status of the process {}.", metric_name(detail), state.name),
               *value);
  }
}

void single(MetricsWriter& out, std::string_view name, std::string_view help,
            std::optional<double> value) {
  if (value) out.single(name, gauge, help, *value);
}

template <class T, class Of>
std::optional<double> part(const std::optional<T>& whole, Of of) {
  return whole ? std::optional(static_cast<double>(of(*whole))) : std::nullopt;
}

void write_host(MetricsWriter& out, const SystemFacts& facts) {
  const HostFacts& host = facts.host;
  single(out, "wattline_host_cpu_used_percent", "Use of all processors together.",
         host.cpu_percent);
  single(out, "wattline_host_memory_total_bytes", "Memory of the machine.",
         part(host.memory, [](const MemoryRoom& room) { return room.total_bytes; }));
  single(out, "wattline_host_memory_available_bytes", "Memory that programs can still have.",
         part(host.memory, [](const MemoryRoom& room) { return room.available_bytes; }));
  single(out, "wattline_host_disk_total_bytes", "Size of the disk with the data directory.",
         part(host.disk, [](const DiskRoom& room) { return room.total_bytes; }));
  single(out, "wattline_host_disk_free_bytes", "Room left on the disk with the data directory.",
         part(host.disk, [](const DiskRoom& room) { return room.free_bytes; }));
  single(out, "wattline_database_size_bytes", "Size of the database.",
         part(facts.database.bytes, [](std::uint64_t bytes) { return bytes; }));
  single(out, "wattline_database_pool_in_use", "Connections of the web process that are in use.",
         part(facts.database.pool, [](const storage::PoolFigures& pool) { return pool.in_use; }));
  single(out, "wattline_database_pool_limit", "Connections that the web process may have.",
         part(facts.database.pool, [](const storage::PoolFigures& pool) { return pool.limit; }));
  single(out, "wattline_outbox_pending", "Letters that wait to be sent.",
         part(facts.outbox, [](const mail::OutboxStatus& outbox) { return outbox.pending; }));
}

void write_requests(MetricsWriter& out, const HttpFigures& http) {
  out.family("wattline_web_requests_total", counter, "Answers by class of their status.");
  constexpr std::array<std::string_view, 6> classes{"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
  for (std::size_t i = 1; i < classes.size(); ++i)
    out.sample(static_cast<double>(http.by_class()[i]), {{"status", classes[i]}});
  out.family("wattline_web_request_duration_seconds", MetricType::histogram,
             "From the request read to the answer ready.");
  for (std::size_t i = 0; i < HttpFigures::bounds_s.size(); ++i) {
    const std::string bound = fmt::format("{}", HttpFigures::bounds_s[i]);
    out.sample(static_cast<double>(http.up_to_bound()[i]), {{"le", bound}}, "_bucket");
  }
  out.sample(static_cast<double>(http.total()), {{"le", "+Inf"}}, "_bucket");
  out.sample(http.total_seconds(), {}, "_sum");
  out.sample(static_cast<double>(http.total()), {}, "_count");
}

void write_web(MetricsWriter& out, const WebFigures& web) {
  write_requests(out, web.http);
  out.single("wattline_web_connections", gauge, "TCP connections that are open.",
             static_cast<double>(web.server.connections));
  out.single("wattline_web_live_clients", gauge, "WebSocket clients of /ws/live.",
             static_cast<double>(web.live_clients));
  out.single("wattline_web_live_fresh", gauge, "1: the collector's values arrive.",
             web.live_fresh ? 1 : 0);
  out.single("wattline_web_sessions", gauge, "Sessions that are signed in.",
             static_cast<double>(web.sessions));
  out.family("wattline_web_desk_waiting", gauge, "Jobs that wait for the thread of a desk.");
  for (const auto& [desk, waiting] : web.desks)
    out.sample(static_cast<double>(waiting), {{"desk", desk}});
  if (web.audit_lost) {
    out.single("wattline_web_audit_lost_total", counter, "Entries that the audit log did not take.",
               static_cast<double>(*web.audit_lost));
  }
}

}  // namespace

std::string metrics_text(const WebFigures& web, const SystemFacts* facts) {
  MetricsWriter out;
  write_web(out, web);
  if (facts == nullptr) return out.take();
  write_processes(out, *facts);
  write_host(out, *facts);
  for (const ProcessFacts& process : facts->processes) {
    if (process.state.name != "web") write_details(out, process);  // It told of itself above.
  }
  return out.take();
}

}  // namespace wl::web
