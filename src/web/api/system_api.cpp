#include "web/api/system_api.hpp"

#include <spdlog/spdlog.h>

#include "web/http/json_writer.hpp"
#include "web/http/problem.hpp"

namespace wl::web {
namespace {

constexpr double mb = 1e6;

JsonWriter& number_or_null(JsonWriter& json, std::string_view name, std::optional<double> value) {
  json.key(name);
  return value ? json.number(*value) : json.null();
}

std::optional<double> seconds_of(std::optional<Milliseconds> time) {
  return time ? std::optional(static_cast<double>(time->count()) / 1000) : std::nullopt;
}

std::optional<double> megabytes(std::optional<std::uint64_t> bytes) {
  return bytes ? std::optional(static_cast<double>(*bytes) / mb) : std::nullopt;
}

void write_process(JsonWriter& json, const ProcessFacts& process) {
  const ProcessState& state = process.state;
  json.object().key("name").text(state.name).key("pid");
  state.pid == 0 ? json.null() : json.integer(state.pid);
  json.key("state").text(word_of(state.life));
  number_or_null(json, "uptime_s", seconds_of(state.uptime));
  number_or_null(json, "cpu", process.cpu_percent);
  number_or_null(json, "cpu_percent", process.cpu_percent);
  number_or_null(json, "memory_mb", process.memory_mb);
  json.key("healthy").boolean(state.healthy).key("reason").text(state.reason);
  json.key("version");
  state.version.empty() ? json.null() : json.text(state.version);
  json.end();
}

void write_host(JsonWriter& json, const HostFacts& host) {
  json.key("host").object().key("cpu").object();
  number_or_null(json, "used_percent", host.cpu_percent);
  json.key("processors").integer(host.processors).end();
  json.key("memory");
  if (host.memory) {
    const double total = static_cast<double>(host.memory->total_bytes) / mb;
    json.object().key("total_mb").number(total).key("used_mb");
    json.number(total - static_cast<double>(host.memory->available_bytes) / mb).end();
  } else {
    json.null();
  }
  json.key("disk");
  if (host.disk) {
    json.object().key("total_mb").number(static_cast<double>(host.disk->total_bytes) / mb);
    json.key("free_mb").number(static_cast<double>(host.disk->free_bytes) / mb).end();
  } else {
    json.null();
  }
  json.end();
}

void write_database(JsonWriter& json, const DatabaseFacts& database) {
  json.key("db").object().key("type").text(database.type);
  number_or_null(json, "size_mb", megabytes(database.bytes));
  json.key("pool");
  if (database.pool) {
    json.object().key("in_use").integer(static_cast<std::int64_t>(database.pool->in_use));
    json.key("idle").integer(static_cast<std::int64_t>(database.pool->idle));
    json.key("limit").integer(static_cast<std::int64_t>(database.pool->limit)).end();
  } else {
    json.null();
  }
  json.end();
}

void write_outbox(JsonWriter& json, const std::optional<mail::OutboxStatus>& outbox) {
  json.key("outbox").object().key("pending");
  outbox ? json.integer(static_cast<std::int64_t>(outbox->pending)) : json.null();
  json.key("last_error");
  outbox && !outbox->last_error.empty() ? json.text(outbox->last_error) : json.null();
  json.key("last_error_at");
  outbox && outbox->last_error_at ? json.text(to_iso8601(*outbox->last_error_at)) : json.null();
  json.end();
}

std::optional<double> scaled(std::optional<double> value, double factor) {
  return value ? std::optional(*value * factor) : std::nullopt;
}

void write_pipeline(JsonWriter& json, const SystemFacts& facts) {
  json.key("spool").object();
  number_or_null(json, "rows", facts.figure("collector", "spool_rows"));
  number_or_null(json, "age_s", facts.figure("collector", "spool_behind_s"));
  number_or_null(json, "size_mb", scaled(facts.figure("collector", "spool_bytes"), 1 / mb)).end();
  write_outbox(json, facts.outbox);
  json.key("plc").object();
  number_or_null(json, "scan_ms", scaled(facts.figure("plc", "scan_us_mean"), 1e-3));
  number_or_null(json, "scan_max_ms", scaled(facts.figure("plc", "scan_us_max"), 1e-3));
  number_or_null(json, "overruns", facts.figure("plc", "overruns")).end();
}

}  // namespace

std::string system_json(const SystemFacts& facts) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("timestamp").text(to_iso8601(facts.at));
  json.key("processes").array();
  for (const ProcessFacts& process : facts.processes) write_process(json, process);
  json.end();
  write_host(json, facts.host);
  write_database(json, facts.database);
  write_pipeline(json, facts);
  json.end();
  return json.take();
}

std::vector<Route> SystemApi::routes() {
  return {{"GET", "/api/system", Access::user, Scope::read, [this](Call call, Reply reply) {
             const Language language = call.request.language();
             cache_.get(
                 [language, reply = std::move(reply)](Result<SystemCache::Facts> facts) mutable {
                   if (facts) return reply(json_response(system_json(**facts)));
                   spdlog::error("state of the system: {}", facts.error().what);
                   reply(problem_response(problems::overloaded(), language));
                 });
           }}};
}

}  // namespace wl::web
