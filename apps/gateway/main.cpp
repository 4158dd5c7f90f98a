// wattline-gateway: argv, .env, gateway.json → Gateway → run. See options.cpp for the manual.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <optional>

#include "apps/gateway/options.hpp"
#include "apps/settings/settings.hpp"
#include "base/durable_file.hpp"
#include "base/instance_lock.hpp"
#include "base/process_status.hpp"
#include "base/stop_signal.hpp"
#include "gateway/gateway.hpp"

namespace {

using namespace wl;

constexpr int exit_cannot_start = 2;
constexpr int exit_already_running = 3;

gateway::GatewayConfig read_config(const Settings& settings) {
  auto text = read_file(settings.gateway_config());
  if (!text) throw StartError(text.error().what);
  const std::map<std::string, std::string> variables{
      {"PLC_OPC_UA_HOST", settings.plc_opc_ua_host},
      {"PLC_OPC_UA_PORT", std::to_string(settings.plc_opc_ua_port)}};
  auto config = gateway::parse_gateway_config(std::move(*text), "config/gateway.json", variables);
  if (!config) throw StartError(config.error().what);
  return std::move(*config);
}

/// CONTRACT.md: on any other address anonymous clients only read.
bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// The collector's login is the one that the gateway knows: both read the same .env.
gateway::GatewayOptions gateway_options(const Settings& settings) {
  gateway::GatewayOptions options{settings.gateway_opc_ua_host, settings.gateway_opc_ua_port,
                                  is_loopback(settings.gateway_opc_ua_host)};
  options.security.pki_dir = settings.pki_dir();
  options.security.certificate_name = "gateway";
  options.security.username = settings.opc_ua_username;
  options.security.password = settings.opc_ua_password;
  return options;
}

ProcessStatus status_at(Timestamp now, Timestamp started_at, const gateway::GatewayHealth& health) {
  ProcessStatus status;
  status.name = "gateway";
  status.pid = getpid();
  status.version = WATTLINE_VERSION;
  status.started_at = started_at;
  status.heartbeat_at = now;
  status.healthy = health.all_up;
  status.reason = health.reason;
  status.details = {{"tags", std::to_string(health.tags)},
                    {"tags_good", std::to_string(health.good)},
                    {"tags_bad", std::to_string(health.tags - health.good)},
                    {"updates", std::to_string(health.updates)},
                    {"updates_dropped", std::to_string(health.dropped)},
                    {"sessions", std::to_string(health.sessions)},
                    {"history_values", std::to_string(health.history_values)},
                    {"history_cut", std::to_string(health.history_cut)}};
  return status;
}

/// Renews the status file as long as the server's thread lives: a stale one ends the process.
class StatusReport {
 public:
  StatusReport(const Settings& settings, Timestamp started_at)
      : settings_(settings), started_at_(started_at) {}

  /// Returns whether the gateway is healthy.
  bool tell(const gateway::GatewayHealth& health) {
    if (told_turns_ != health.turns) write(status_at(wall_now(), started_at_, health));
    told_turns_ = health.turns;
    return health.all_up;
  }

 private:
  void write(const ProcessStatus& status) {
    const auto written = write_status(settings_.run_dir, status);
    const std::string trouble = written ? "" : written.error().what;
    if (!trouble.empty() && trouble != last_trouble_) spdlog::error("{}", trouble);
    last_trouble_ = trouble;
  }

  const Settings& settings_;
  const Timestamp started_at_;
  std::optional<std::uint64_t> told_turns_;
  std::string last_trouble_;
};

int check(const GatewayCommand& command) {
  const auto settings = load_settings(installation_root(command.root), process_environment());
  if (!settings) throw StartError(settings.error().what);
  const auto config = read_config(settings->values);
  const gateway::Gateway gateway(config, gateway_options(settings->values));
  fmt::print("{} channels, {} tags\n", config.channels.size(), config.tag_count());
  return 0;
}

int run(const GatewayCommand& command) {
  StopSignal stop;
  const Timestamp started_at = wall_now();
  const Settings settings = start_process(installation_root(command.root), "gateway");
  const InstanceLock lock = take_alone(settings.run_dir / "gateway.lock");
  gateway::Gateway gateway(read_config(settings), gateway_options(settings));
  const auto started = gateway.start();
  if (!started) {
    throw StartError(fmt::format("{}. Set GATEWAY_OPC_UA_HOST or GATEWAY_OPC_UA_PORT in .env",
                                 started.error().what));
  }
  spdlog::info("wattline-gateway {} serves {} tags on {}:{}", WATTLINE_VERSION,
               gateway.health().tags, settings.gateway_opc_ua_host, settings.gateway_opc_ua_port);
  StatusReport report(settings, started_at);
  bool healthy = false;
  do {
    healthy = report.tell(gateway.health());
  } while (!stop.wait(status_pause(healthy)));
  gateway.stop();
  remove_status(settings.run_dir, "gateway");
  spdlog::info("wattline-gateway stopped");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = exit_cannot_start;
  try {
    const auto options = read_options(argc, argv);
    if (const int* done = std::get_if<int>(&options)) return *done;
    const auto& command = std::get<GatewayCommand>(options);
    exit_code = command.check ? check(command) : run(command);
  } catch (const AlreadyRunning& running) {
    fmt::print(stderr, "{}\n", running.what());
    exit_code = exit_already_running;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
  }
  spdlog::shutdown();
  return exit_code;
}
