// wattline-web: the HTTP API, the live WebSocket and the web UI.
#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <future>
#include <thread>

#include "apps/database/database_options.hpp"
#include "apps/settings/settings.hpp"
#include "apps/web/backup_process.hpp"
#include "apps/web/line_access.hpp"
#include "apps/web/live_source.hpp"
#include "apps/web/print_openapi.hpp"
#include "base/durable_file.hpp"
#include "base/instance_lock.hpp"
#include "base/process_status.hpp"
#include "base/stop_signal.hpp"
#include "storage/account_store.hpp"
#include "storage/store.hpp"
#include "web/application.hpp"
#include "web/auth/password.hpp"
#include "web/auth/secret_key.hpp"
#include "web/http/server.hpp"

namespace {

using namespace wl;
using namespace wl::web;

constexpr std::size_t database_queue = 256;
constexpr std::size_t order_queue = 8;  // Of 1 s at most: who comes later gets 503 at once.
constexpr std::size_t system_queue = 64;
constexpr std::size_t backup_queue = 8;
constexpr std::size_t command_queue = 2;  // A command takes seconds: who comes later gets 409.
constexpr std::size_t emergency_queue = 16;
constexpr std::size_t password_queue = 16;  // 16 × 0.3 s: who comes later gets 503 at once.
constexpr std::size_t packer_queue = 64;    // Of 3 ms each: what comes later goes out as it is.
constexpr auto answer_limit = std::chrono::seconds(1);
constexpr int stale_periods = 3;
constexpr int exit_cannot_start = 2;
constexpr int exit_already_running = 3;

struct Options {
  std::filesystem::path root;  ///< Empty: as installation_root() finds it.
  std::filesystem::path ui;
  bool print_openapi = false;
  int instance = 1;        ///< Several run beside each other; each has a number and a port.
  std::uint16_t port = 0;  ///< 0: WEB_PORT.

  /// Of lock, log and status file: web, web2, web3 …
  std::string name() const { return instance == 1 ? "web" : fmt::format("web{}", instance); }
};

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  return std::move(*result);
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

ApplicationRules rules_of(const Settings& settings) {
  ApplicationRules rules;
  rules.accounts.login.max_attempts = settings.max_login_attempts;
  rules.accounts.login.lockout = settings.account_lockout_duration;
  rules.accounts.password_min_length = static_cast<std::size_t>(settings.password_min_length);
  rules.accounts.secret_key = or_stop(load_secret_key(settings.secret_key, settings.data_dir));
  rules.accounts.default_password_blocks = settings.production || !is_loopback(settings.web_host);
  rules.sessions.idle = settings.session_timeout;
  rules.addresses.allowed = or_stop(IpRanges::parse(settings.ip_allowlist));
  rules.addresses.proxies = or_stop(IpRanges::parse(settings.web_trusted_proxies));
  auto hosts = AllowedHosts::parse(settings.web_allowed_hosts);
  if (!hosts) throw StartError("WEB_ALLOWED_HOSTS in .env: " + hosts.error().what);
  rules.hosts = std::move(*hosts);
  rules.history.tick = settings.data_collection_interval;
  rules.history.settle = settings.batch_write_interval + Milliseconds{5000};
  rules.live_stale_after = settings.data_collection_interval * stale_periods;
  if (rules.live_stale_after < Milliseconds{3000}) rules.live_stale_after = Milliseconds{3000};
  rules.version = WATTLINE_VERSION;
  return rules;
}

Plant read_plant(const Settings& settings) {
  const auto path = settings.plant_config();
  Plant plant = or_stop(parse_plant(or_stop(read_file(path)), path.string()));
  if (!settings.time_zone.empty()) plant.time_zone = settings.time_zone;  // TZ stands above it.
  return plant;
}

/// Every WebSocket is a descriptor; the soft limit of 1,024 would end at that many browsers.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

SystemPlaces places_of(const Settings& settings, const storage::DatabaseOptions& database) {
  return {settings.run_dir, settings.log_dir, settings.data_dir, settings.outbox_dir(), database};
}

BackupOptions backup_options(const Settings& settings) {
  std::error_code ignored;
  const auto programs = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  BackupOptions options;
  options.program = {.name = "backup",
                     .program = programs / "wattline",
                     .arguments = {"backup", "--progress", "--root", settings.root.string()},
                     .output = settings.log_dir / "backup-web.out"};
  options.directory = settings.backup_dir;
  options.run_dir = settings.run_dir;
  return options;
}

/// A chart of a day takes some megabytes for some milliseconds. Giving them back to the system each
/// time, and asking for them again page by page, took a fifth of the time that such an answer
/// takes.
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 8 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
}

std::string ms_text(double ms) {
  return fmt::format("{:.2f}", ms);
}

/// Figures of the loop's thread, as the status file shows them.
ProcessStatus status_of(const std::string& name, const Server& server,
                        const Application& application, Timestamp started_at) {
  const ServerFigures http = server.figures();
  const ApplicationFigures app = application.figures();
  ProcessStatus status;
  status.name = name;
  status.pid = static_cast<int>(::getpid());
  status.version = WATTLINE_VERSION;
  status.started_at = started_at;
  status.heartbeat_at = wall_now();
  // The API works without the collector; the reason is shown beside it all the same.
  status.healthy = app.live_fresh;
  status.reason = app.live_fresh ? "" : "no live values: " + app.live_reason;
  if (status.healthy && !app.live.source_note.empty()) {
    status.reason = "live values from " + app.live.source + ": " + app.live.source_note;
  }
  status.details = {{"port", std::to_string(server.port())},
                    {"connections", std::to_string(http.connections)},
                    {"live_source", app.live.source},
                    {"live_clients", std::to_string(app.live_clients)},
                    {"refused_connections", std::to_string(http.refused_connections)},
                    {"live_groups", std::to_string(app.live.groups)},
                    {"live_resumed", std::to_string(app.live.resumed)},
                    {"live_not_resumed", std::to_string(app.live.not_resumed)},
                    {"live_stalled", std::to_string(app.live.stalled)},
                    {"live_bad_messages", std::to_string(app.live.bad_messages)},
                    {"requests", std::to_string(http.requests)},
                    {"server_errors", std::to_string(http.server_errors)},
                    {"p50_ms", ms_text(http.p50_ms)},
                    {"p99_ms", ms_text(http.p99_ms)},
                    {"sessions", std::to_string(app.sessions)},
                    {"audit_entries", std::to_string(app.audit.written)},
                    {"audit_waiting", std::to_string(app.audit.waiting)},
                    {"audit_lost", std::to_string(app.audit.lost)},
                    {"ui", app.ui_built ? "built" : "not built"}};
  if (http.tls_valid_until) {
    const std::int64_t left_s = *http.tls_valid_until - to_unix_ms(wall_now()) / 1000;
    status.details.emplace_back("tls_days_left", std::to_string(left_s / 86'400));
    status.details.emplace_back("tls_failures", std::to_string(http.tls_failures));
  }
  return status;
}

/// Where the status file is.
struct StatusPlace {
  std::filesystem::path run_dir;
  std::string name;
};

/// Runs until a stop is asked for. The heartbeat is renewed only when the loop answers: a hung
/// loop shows as a stale file.
void keep_status(StopSignal& stop, Server& server, Application& application,
                 const StatusPlace& place) {
  const Timestamp started_at = wall_now();
  const PostToLoop post = server.loop();
  bool healthy = false;
  while (!stop.wait(status_pause(healthy))) {
    const auto answer = std::make_shared<std::promise<ProcessStatus>>();
    auto status = answer->get_future();
    post([&server, &application, name = place.name, started_at, answer] {
      application.tick();
      server.renew_tls();
      answer->set_value(status_of(name, server, application, started_at));
    });
    if (status.wait_for(answer_limit) != std::future_status::ready) continue;
    const ProcessStatus told = status.get();
    healthy = told.healthy;
    if (auto written = write_status(place.run_dir, told); !written) {
      spdlog::warn("{}", written.error().what);
    }
  }
}

/// The loop's thread. However main's own work ends, the loop drains and ends with it.
class LoopThread {
 public:
  LoopThread(Server& server, Application& application)
      : server_(server), thread_([&] { server.run(application); }) {}
  ~LoopThread() {
    server_.stop();
    thread_.join();
  }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

 private:
  Server& server_;
  std::thread thread_;
};

void serve(StopSignal& stop, const Settings& settings, const StaticSite& site,
           const std::string& name) {
  const Plant plant = read_plant(settings);
  const storage::DatabaseOptions database = database_options(settings, plant);
  ApplicationRules rules = rules_of(settings);
  Server server(settings.web_host, settings.web_port);
  if (!settings.web_tls_cert.empty()) {
    server.use_tls(or_stop(TlsContext::load(
        {settings.root / settings.web_tls_cert, settings.root / settings.web_tls_key})));
  }
  const PostToLoop post = server.loop();
  // Order matters: what is built later is gone before what it uses.
  AccountDesk accounts([&] { return storage::open_account_store(database); }, post, database_queue);
  StoreDesk store([&] { return storage::open_store(database, plant); }, post, database_queue);
  AlarmDesk alarms([&] { return storage::open_alarm_store(database); }, post, database_queue);
  OrderDesk orders([&]() -> Result<std::unique_ptr<OrderClient>> { return order_client(settings); },
                   post, order_queue);
  PasswordDesk passwords(
      []() -> Result<std::unique_ptr<PasswordBench>> {
        return std::make_unique<PasswordBench>(bcrypt_cost);
      },
      post, password_queue);
  SystemDesk system(
      [places = places_of(settings, database)]() -> Result<std::unique_ptr<SystemFiles>> {
        return std::make_unique<SystemFiles>(places);
      },
      post, system_queue);
  BackupDesk backups(
      [&]() -> Result<std::unique_ptr<BackupKeeper>> {
        return std::make_unique<BackupProcess>(backup_options(settings));
      },
      post, backup_queue);
  const CommandDesk::Open commander =
      [access = line_access(settings)]() -> Result<std::unique_ptr<LineCommander>> {
    return std::make_unique<LineCommander>(access);
  };
  PackerDesk packers([]() -> Result<std::unique_ptr<Packer>> { return std::make_unique<Packer>(); },
                     post, packer_queue);
  CommandDesk commands(commander, post, command_queue);
  CommandDesk emergency(commander, post, emergency_queue);
  const CommandTable takes = command_table(settings, plant);
  const TagTable tags = tag_table(settings);
  Application application(std::move(rules),
                          {plant,
                           site,
                           accounts,
                           passwords,
                           store,
                           alarms,
                           orders,
                           packers,
                           [] { return wall_now(); },
                           {system, backups, {commands, emergency}, takes, tags, nullptr, {}},
                           [&] { return server.figures(); }});
  const LiveSource feed(settings, post, application.hub());
  const LoopThread loop(server, application);
  spdlog::info("listening on {}://{}:{}", settings.web_tls_cert.empty() ? "http" : "https",
               settings.web_host, server.port());
  keep_status(stop, server, application, {settings.run_dir, name});
  spdlog::info("stopping: finishing what is being answered");
}

int run(int argc, char** argv) {
  Options options;
  CLI::App cli("wattline-web: HTTP API, live WebSocket and web UI of Wattline");
  cli.add_option("--root", options.root, "installation directory (holds .env and config/)")
      ->check(CLI::ExistingDirectory);
  cli.add_option("--ui", options.ui, "built web UI (default: <root>/webui/dist)");
  cli.add_flag("--print-openapi", options.print_openapi,
               "print the description of the API (OpenAPI 3.1) and end");
  cli.add_option("--instance", options.instance,
                 "number of this process where several run beside each other (docs/live.md)")
      ->check(CLI::Range(1, 99));
  cli.add_option("--port", options.port, "instead of WEB_PORT; each instance needs its own")
      ->check(CLI::Range(1, 65535));
  cli.set_version_flag("--version", WATTLINE_VERSION);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : exit_cannot_start;
  }
  if (options.print_openapi) {
    fmt::print("{}\n", openapi_text(WATTLINE_VERSION));
    return 0;
  }

  StopSignal stop;
  keep_freed_memory();
  raise_descriptor_limit();
  const std::string name = options.name();
  Settings settings = start_process(installation_root(options.root), name);
  if (options.port != 0) settings.web_port = options.port;
  const InstanceLock lock = take_alone(settings.run_dir / (name + ".lock"));
  const auto ui = options.ui.empty() ? settings.root / "webui" / "dist" : options.ui;
  const StaticSite site = or_stop(StaticSite::load(ui));
  if (!site.built()) {
    spdlog::warn("no web UI in {}: run ./start_system.sh, or npm run build in webui/", ui.string());
  }
  serve(stop, settings, site, name);
  remove_status(settings.run_dir, name);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int exit_code = run(argc, argv);
    spdlog::shutdown();
    return exit_code;
  } catch (const AlreadyRunning& running) {
    fmt::print(stderr, "{}\n", running.what());
    return exit_already_running;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
  }
  spdlog::shutdown();
  return exit_cannot_start;
}
