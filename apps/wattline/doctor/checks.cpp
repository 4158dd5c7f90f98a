#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "apps/database/database_options.hpp"
#include "apps/wattline/doctor/finding.hpp"
#include "apps/wattline/doctor/net.hpp"
#include "apps/wattline/doctor/tag_route.hpp"
#include "base/durable_file.hpp"
#include "base/host/process_state.hpp"
#include "base/process_status.hpp"
#include "model/live_message.hpp"
#include "opcua/server_urls.hpp"
#include "opcua/subscriber.hpp"
#include "storage/store.hpp"

namespace wl::doctor {
namespace {

using Clock = std::chrono::steady_clock;

Milliseconds since(Clock::time_point begin) {
  return std::chrono::ceil<Milliseconds>(Clock::now() - begin);
}

Finding good(std::string link, std::string measured) {
  return {.link = std::move(link), .ok = true, .measured = std::move(measured)};
}

Finding broken(std::string link, std::string cause, std::string next_step) {
  return {.link = std::move(link), .cause = std::move(cause), .next_step = std::move(next_step)};
}

/// What is known about a process of ours that did not answer as it should: not running, hung, or
/// in its own words not healthy. Nothing when the process itself sees no trouble.
std::optional<Finding> process_trouble(const Settings& settings, const std::string& name) {
  if (!running_process(settings.run_dir, name)) {
    return broken(name, fmt::format("wattline-{} is not running", name),
                  fmt::format("start it with ./start_system.sh; `wattline logs {}` and {} tell why "
                              "it ended",
                              name, (settings.log_dir / (name + ".out")).string()));
  }
  const auto status = read_status(settings.run_dir, name);
  if (!status) return std::nullopt;
  const Milliseconds age = wall_now() - status->heartbeat_at;
  if (age > status_stale_after) {
    return broken(
        name,
        fmt::format("wattline-{} hangs: its last heartbeat is {} s old", name, age.count() / 1000),
        fmt::format("the supervisor restarts it by itself; else `wattline restart {}`", name));
  }
  if (status->healthy) return std::nullopt;
  return broken(name, fmt::format("wattline-{} says: {}", name, status->reason),
                fmt::format("`wattline logs {}` tells more", name));
}

Result<TagRoute> route_of(const Settings& settings) {
  const auto file = settings.gateway_config();
  const auto text = read_file(file);
  if (!text) return std::unexpected(text.error());
  return find_scan_count(*text, file.string(), settings);
}

/// The scan counter of one OPC UA server: read twice, it must have moved.
struct ScanProbe {
  std::string link;
  std::string endpoint;
  std::string node_id;
  std::string next_step;
};

Result<DataValue> read_node(const ScanProbe& probe, Milliseconds timeout) {
  const auto values = opcua::read_once(probe.endpoint, {probe.node_id}, timeout);
  if (!values) return std::unexpected(values.error());
  if (values->empty()) return fail(Errc::not_found, "the server answered without a value");
  return values->front();
}

Finding probe_scan_counter(const ScanProbe& probe, const DoctorOptions& options) {
  const auto refuse = [&](const std::string& cause) {
    return broken(probe.link, fmt::format("{}: {}", probe.endpoint, cause), probe.next_step);
  };
  const auto begin = Clock::now();
  const auto first = read_node(probe, options.timeout);
  if (!first) return refuse(first.error().what);
  const Milliseconds connect = since(begin);
  if (first->quality.is_bad()) {
    return refuse(
        fmt::format("{} has quality bad (0x{:08X})", probe.node_id, first->quality.status_code));
  }
  std::this_thread::sleep_for(options.scan_interval);
  const auto second = read_node(probe, options.timeout);
  if (!second) return refuse(second.error().what);
  const Milliseconds span = since(begin) - connect;
  const double scans = to_number(second->value).value_or(0) - to_number(first->value).value_or(0);
  if (scans == 0) {
    return refuse(fmt::format("the scan counter stands still at {:.0f} for {} ms",
                              to_number(first->value).value_or(0), span.count()));
  }
  return good(probe.link,
              fmt::format("read in {} ms, {:.0f} scans in {} ms, quality {}", connect.count(),
                          scans, span.count(), second->quality.word()));
}

/// Redundant servers of the same tags: one that answers is enough, those that do not are named.
Finding probe_servers(ScanProbe probe, const std::vector<std::string>& endpoints,
                      const DoctorOptions& options) {
  std::string failed;
  for (const std::string& endpoint : endpoints) {
    probe.endpoint = endpoint;
    Finding finding = probe_scan_counter(probe, options);
    if (finding.ok && endpoints.size() > 1) finding.measured = endpoint + ": " + finding.measured;
    if (finding.ok && !failed.empty()) finding.measured += "; but " + failed;
    if (finding.ok) return finding;
    failed += (failed.empty() ? "" : "; ") + finding.cause;
  }
  return broken(probe.link, failed, probe.next_step);
}

std::string port_note(std::uint16_t port) {
  const std::string owner = port_owner(port);
  return owner.empty() ? fmt::format("nobody listens on port {}", port)
                       : fmt::format("port {} is held by {}", port, owner);
}

/// A browser on this machine reaches a server bound to every address on the loopback.
std::string browser_host(const Settings& settings) {
  if (settings.web_host == "0.0.0.0") return "127.0.0.1";
  return settings.web_host == "::" ? "::1" : settings.web_host;
}

}  // namespace

Finding check_plc(const Settings& settings, const DoctorOptions& options) {
  const auto route = route_of(settings);
  if (!route) {
    return broken("plc", route.error().what, "mend config/gateway.json, then `wattline restart`");
  }
  const ScanProbe probe{"plc", route->plc_endpoint, route->plc_node_id,
                        route->own_plc ? port_note(settings.plc_opc_ua_port) +
                                             " (PLC_OPC_UA_PORT); `wattline logs plc` tells more"
                                       : "is the controller on, in RUN, and its OPC UA server "
                                         "reachable from here?"};
  Finding finding = probe_scan_counter(probe, options);
  if (finding.ok || !route->own_plc) return finding;
  return process_trouble(settings, "plc").value_or(finding);
}

Finding check_gateway(const Settings& settings, const DoctorOptions& options) {
  const auto route = route_of(settings);
  if (!route) {
    return broken("gateway", route.error().what,
                  "mend config/gateway.json, then `wattline restart gateway`");
  }
  const auto servers = opcua::parse_server_urls(settings.opc_ua_server_url);
  if (!servers) return broken("gateway", servers.error().what, "mend OPC_UA_SERVER_URL in .env");
  const std::string our_port = fmt::format(":{}", settings.gateway_opc_ua_port);
  const bool is_ours = std::ranges::any_of(
      *servers, [&](const std::string& server) { return server.ends_with(our_port); });
  const ScanProbe probe{"gateway", "", route->gateway_node_id,
                        is_ours ? port_note(settings.gateway_opc_ua_port) +
                                      " (GATEWAY_OPC_UA_PORT); `wattline logs gateway` tells more"
                                : "is the server of OPC_UA_SERVER_URL on, and reachable from here? "
                                  "`wattline-collector --test-connection` tries it step by step"};
  Finding finding = probe_servers(probe, *servers, options);
  if (finding.ok || !is_ours) return finding;
  return process_trouble(settings, "gateway").value_or(finding);
}

Finding check_collector(const Settings& settings, const DoctorOptions& options) {
  const auto refuse = [&](const std::string& cause) {
    return process_trouble(settings, "collector")
        .value_or(broken("collector", cause, "`wattline logs collector` tells more"));
  };
  const auto begin = Clock::now();
  const auto line = first_line(settings.live_socket(), options.timeout);
  if (!line) return refuse(line.error().what);
  const auto message = decode_live(*line);
  if (!message) return refuse(message.error().what);
  const Milliseconds age = wall_now() - message->ts;
  if (age > options.snapshot_max_age) {
    return refuse(fmt::format("its snapshot is {} ms old", age.count()));
  }
  if (message->link && !message->link->up) {
    return refuse(fmt::format("its link to {} is down: {}", settings.opc_ua_server_url,
                              message->link->reason));
  }
  return good("collector",
              fmt::format("snapshot of {} points in {} ms, {} ms old", message->values.size(),
                          since(begin).count(), std::max<std::int64_t>(0, age.count())));
}

Finding check_database(const Settings& settings, const DoctorOptions& options) {
  const auto refuse = [&](const std::string& cause, const std::string& next_step) {
    return broken("database", cause, next_step);
  };
  const std::string place = database_place(settings);
  const auto plant_text = read_file(settings.plant_config());
  if (!plant_text) return refuse(plant_text.error().what, "restore config/plant.json");
  const auto plant = parse_plant(*plant_text, settings.plant_config().string());
  if (!plant) return refuse(plant.error().what, "mend config/plant.json");
  const auto begin = Clock::now();
  auto store = storage::open_store(database_options(settings, *plant), *plant);
  if (!store) return refuse(store.error().what, "`wattline init-db` creates a missing database");
  const auto latest = (*store)->latest();
  if (!latest) return refuse(latest.error().what, "see `wattline logs collector`");
  const Milliseconds took = since(begin);
  Timestamp newest{};
  for (const Sample& sample : *latest) newest = std::max(newest, sample.source_time);
  if (latest->empty()) {
    return refuse(fmt::format("{} holds no sample yet", place),
                  fmt::format("wait {} s after the first start, then ask again",
                              settings.batch_write_interval.count() / 1000 + 5));
  }
  const Milliseconds age = wall_now() - newest;
  if (age > settings.batch_write_interval + options.sample_max_age) {
    return refuse(fmt::format("the newest sample in {} is {} s old", place, age.count() / 1000),
                  "is the collector well (above)? Is the disk full? See `wattline logs collector`");
  }
  return good("database", fmt::format("{} points read in {} ms, newest sample {:.1f} s old",
                                      latest->size(), took.count(), double(age.count()) / 1000));
}

/// A web process that is well and yet shows the doctor no page, and why: it speaks HTTPS, which the
/// doctor does not, or it refuses this machine's address.
std::optional<std::string> why_no_page(const HttpAnswer& answer) {
  if (answer.status == 400 && answer.body.find("speaks HTTPS") != std::string::npos) {
    return "speaks HTTPS only (WEB_TLS_CERT); the page itself was not read";
  }
  if (answer.status == 403 && answer.body.find("address_refused") != std::string::npos) {
    return "refuses this machine's address (IP_ALLOWLIST); the page itself was not read";
  }
  return std::nullopt;
}

Finding check_web(const Settings& settings, const DoctorOptions& options) {
  const auto answer =
      http_get(browser_host(settings), settings.web_port, "/healthz", options.timeout);
  const auto refuse = [&](const std::string& cause) {
    return process_trouble(settings, "web")
        .value_or(broken("web", cause,
                         port_note(settings.web_port) + " (WEB_PORT); `wattline logs web`"));
  };
  if (!answer) return refuse(answer.error().what);
  if (const auto why = why_no_page(*answer)) return good("web", *why);
  if (answer->status != 200) {
    return refuse(
        fmt::format("GET /healthz answers {}: {}", answer->status, answer->body.substr(0, 200)));
  }
  return good("web", fmt::format("GET /healthz 200 in {} ms", answer->took.count()));
}

Finding check_browser_port(const Settings& settings, const DoctorOptions& options) {
  const std::string host = browser_host(settings);
  const auto answer = http_get(host, settings.web_port, "/", options.timeout);
  if (!answer) {
    return broken("browser", answer.error().what,
                  port_note(settings.web_port) + "; is a firewall in between?");
  }
  if (const auto why = why_no_page(*answer)) return good("browser", *why);
  if (answer->status != 200 || answer->body.find("<html") == std::string::npos) {
    return broken("browser", fmt::format("GET / answers {} without the page", answer->status),
                  "build the web UI: ./start_system.sh does it when webui/dist is missing");
  }
  const bool outside = settings.web_host == "0.0.0.0" || settings.web_host == "::";
  return good("browser",
              fmt::format("page in {} ms; {}", answer->took.count(),
                          outside ? "open to the network"
                                  : fmt::format("only on {} (WEB_HOST)", settings.web_host)));
}

std::vector<Finding> examine(const Settings& settings, const DoctorOptions& options) {
  return {check_plc(settings, options),       check_gateway(settings, options),
          check_collector(settings, options), check_database(settings, options),
          check_web(settings, options),       check_browser_port(settings, options)};
}

}  // namespace wl::doctor
