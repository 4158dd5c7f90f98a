#include "apps/wattline/demo/demo_history.hpp"

#include <fmt/format.h>

#include "apps/database/database_options.hpp"
#include "apps/settings/rules.hpp"
#include "apps/wattline/demo/pipe.hpp"
#include "apps/wattline/doctor/tag_route.hpp"
#include "base/durable_file.hpp"
#include "base/open_file.hpp"

namespace wl::demo {
namespace {

namespace fs = std::filesystem;

/// `opc.tcp://localhost:4840/path` → the part between `//` and the next `/`.
std::string host_and_port(const std::string& url) {
  constexpr std::string_view scheme = "opc.tcp://";
  if (!url.starts_with(scheme)) return "";
  const std::string rest = url.substr(scheme.size());
  return rest.substr(0, rest.find('/'));
}

bool is_own_gateway(const Settings& settings) {
  const std::string place = host_and_port(settings.opc_ua_server_url);
  const auto colon = place.rfind(':');
  if (colon == std::string::npos) return false;
  std::string host = place.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const bool here = is_loopback(host) || host == settings.gateway_opc_ua_host;
  return here && place.substr(colon + 1) == fmt::to_string(settings.gateway_opc_ua_port);
}

std::optional<std::string> why_not_this_plc(const Settings& settings) {
  const std::string file = settings.gateway_config().string();
  const auto text = read_file(file);
  if (!text) return text.error().what;
  const auto route = doctor::find_scan_count(*text, file, settings);
  if (!route) return route.error().what;
  if (route->own_plc) return std::nullopt;
  return fmt::format("{} takes its values from {}, which is not the built-in PLC", file,
                     route->plc_endpoint);
}

bool plc_has_run(const Settings& settings) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(settings.retain_dir(), ignored))
    if (entry.path().extension() == ".img") return true;
  return false;
}

std::optional<std::string> why_not_this_database(const Settings& settings, const Plant& plant) {
  const auto store = storage::open_store(database_options(settings, plant), plant);
  if (!store) return store.error().what;
  const auto extent = (*store)->extent();
  if (!extent) return extent.error().what;
  if (!*extent) return std::nullopt;
  return fmt::format("the database has a history already, from {} to {}",
                     to_iso8601((*extent)->first), to_iso8601((*extent)->second));
}

/// Where the virtual PLC leaves VAR RETAIN until the history is stored.
fs::path waiting_retain(const Settings& settings) {
  return settings.data_dir / "retain.demo";
}

/// From now on the live PLC goes on from the virtual one.
Result<void> hand_over_retain(const Settings& settings) {
  std::error_code error;
  fs::remove(waiting_retain(settings) / "lock", error);
  fs::rename(waiting_retain(settings), settings.retain_dir(), error);
  if (error) {
    return fail(Errc::unavailable, fmt::format("{} → {}: {}", waiting_retain(settings).string(),
                                               settings.retain_dir().string(), error.message()));
  }
  return sync_directory(settings.data_dir);
}

PipedProgram virtual_plc(const Settings& settings, const DemoHistory& wanted) {
  const Timestamp start = wall_now() - std::chrono::days{wanted.days};
  PipedProgram plc{
      wanted.programs / "wattline-plc",
      {"--root", settings.root.string(), "--virtual", "--until-now", "--start", to_iso8601(start),
       "--feed", "-", "--retain", waiting_retain(settings).string()}};
  if (wanted.seed) {
    plc.arguments.push_back("--seed");
    plc.arguments.push_back(fmt::to_string(*wanted.seed));
  }
  return plc;
}

}  // namespace

std::optional<std::string> why_no_demo_history(const Settings& settings, const Plant& plant) {
  if (!is_own_gateway(settings)) {
    return fmt::format(
        "OPC_UA_SERVER_URL is {}, which is not the gateway of this installation (port {}): a "
        "demo history beside values of another plant would be a lie",
        settings.opc_ua_server_url, settings.gateway_opc_ua_port);
  }
  if (auto reason = why_not_this_plc(settings)) return reason;
  if (plc_has_run(settings)) {
    return fmt::format(
        "the PLC has run before ({} holds its counters): they would fall where the "
        "demo history ends",
        settings.retain_dir().string());
  }
  return why_not_this_database(settings, plant);
}

Filled fill_demo_history(const Settings& settings, const DemoHistory& wanted, StopSignal& stop,
                         const std::function<void(const std::string&)>& say) {
  std::error_code ignored;
  fs::remove_all(waiting_retain(settings), ignored);  // Of a run that was killed.
  const fs::path log = settings.log_dir / "demo-history.out";
  const PipedProgram collector{wanted.programs / "wattline-collector",
                               {"--root", settings.root.string(), "--replay", "-"}};
  const auto end = run_pipe(virtual_plc(settings, wanted), collector, log, stop);
  const auto failed = [&](const std::string& reason) {
    say("The demo history was not completed: " + reason);
    return Filled::failed;
  };
  if (!end) return failed(end.error().what);
  const bool stored = end->reader.signal == 0 && end->reader.code == 0;
  if (!stored) return failed("wattline-collector ended with " + end->reader.text());
  if (end->writer.signal != 0 || end->writer.code != 0)
    return failed("wattline-plc ended with " + end->writer.text() + "; see " + log.string());
  if (const auto handed = hand_over_retain(settings); !handed) return failed(handed.error().what);
  return end->interrupted ? Filled::cut : Filled::whole;
}

}  // namespace wl::demo
