#include "web/testing/running_server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <future>
#include <stdexcept>
#include <thread>

#include "web/application.hpp"
#include "web/auth/password.hpp"
#include "web/live/live_feed.hpp"

namespace wl::web::testing {
namespace {

constexpr int cheap_bcrypt = 4;

constexpr std::string_view plant_json = R"({
  "name": {"zh-CN": "线", "en": "Line"}, "time_zone": "Asia/Shanghai",
  "devices": [{"id": "conveyor", "name": {"zh-CN": "上料传送带", "en": "Infeed conveyor"},
    "description": {"zh-CN": "送料", "en": "Feeds"}, "type": "conveyor", "rated_power_kw": 2,
    "points": [
      {"name": "power_kw", "tag": "C.D.G.P", "kind": "measurement", "unit": "kW", "low": 0,
       "high": 100},
      {"name": "energy_kwh", "tag": "C.D.G.E", "kind": "counter", "unit": "kWh", "low": 0,
       "high": 1000000},
      {"name": "status", "tag": "C.D.G.S", "kind": "state",
       "words": ["standby", "running", "fault"]}],
    "commands": [
      {"name": "start", "tag": "C.D.G.Start", "write": "edge", "leads_to": "running"},
      {"name": "emergency_stop", "tag": "C.D.G.Halt", "write": "on"},
      {"name": "release_emergency_stop", "tag": "C.D.G.Halt", "write": "off"},
      {"name": "set_speed", "tag": "C.D.G.Speed", "write": "number", "low": 0, "high": 5,
       "unit": "m/s"}]}]})";

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::filesystem::path fresh_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "wl-web-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

std::string plant_text(const ServerSetup& setup) {
  return setup.plant.empty() ? std::string(plant_json) : setup.plant;
}

std::filesystem::path prepared_directory(const ServerSetup& setup) {
  const auto directory = fresh_directory();
  if (setup.before_start) setup.before_start(directory);
  return directory;
}

void add_user(storage::AccountStore& accounts, const std::string& name,
              const std::string& password) {
  storage::User user;
  user.username = name;
  user.password_hash = need(hash_password(password, cheap_bcrypt));
  user.role = name == "admin" ? storage::Role::admin : storage::Role::user;
  user.created_at = RunningServer::start_time();
  need(accounts.add_user(user));
}

ApplicationRules rules_of(const ServerSetup& setup) {
  ApplicationRules rules;
  rules.accounts.secret_key = test_secret_key;
  rules.accounts.default_password_blocks = setup.default_password_blocks;
  rules.accounts.password_min_length = setup.password_min_length;
  rules.addresses = setup.addresses;
  rules.hosts = need(AllowedHosts::parse(setup.allowed_hosts));
  return rules;
}

CommandDesk::Open commander_at(const std::vector<std::string>& urls) {
  return [urls]() -> Result<std::unique_ptr<LineCommander>> {
    return std::make_unique<LineCommander>(LineAccess{urls, {}, Milliseconds{1000}});
  };
}

}  // namespace

struct RunningServer::Parts {
  explicit Parts(const ServerSetup& setup)
      : directory(prepared_directory(setup)),
        plant(need(parse_plant(plant_text(setup), "plant.json"))),
        command_table(need(parse_commands(plant_text(setup), "plant.json", plant))),
        site(need(StaticSite::load(directory / "ui"))),
        database{.sqlite_path = (directory / "wattline.db").string(), .time_zone = plant.time_zone},
        server("127.0.0.1", 0, setup.limits),
        accounts([this] { return storage::open_account_store(database); }, server.loop(), 64),
        store([this] { return storage::open_store(database, plant); }, server.loop(), 64),
        alarms([this] { return storage::open_alarm_store(database); }, server.loop(), 64),
        orders(
            [this]() -> Result<std::unique_ptr<OrderClient>> {
              return std::make_unique<OrderClient>(directory / "live.sock");
            },
            server.loop(), 8),
        passwords(
            []() -> Result<std::unique_ptr<PasswordBench>> {
              return std::make_unique<PasswordBench>(cheap_bcrypt);
            },
            server.loop(), 16),
        system(
            [this]() -> Result<std::unique_ptr<SystemFiles>> {
              return std::make_unique<SystemFiles>(SystemPlaces{
                  directory, directory / "logs", directory, directory / "outbox", database});
            },
            server.loop(), 64),
        backups([this] { return scripted.keeper(); }, server.loop(), 8),
        commands(commander_at(setup.line_urls), server.loop(), 4),
        emergency(commander_at(setup.line_urls), server.loop(), 4),
        packers([]() -> Result<std::unique_ptr<Packer>> { return std::make_unique<Packer>(); },
                server.loop(), 16),
        application(rules_of(setup),
                    {plant,
                     site,
                     accounts,
                     passwords,
                     store,
                     alarms,
                     orders,
                     packers,
                     [this] { return now.load(); },
                     {system, backups, {commands, emergency}, command_table, tags, &audit, {}},
                     [this] { return server.figures(); }}),
        feed(directory / "live.sock", server.loop(),
             {[this](LiveMessage message) { application.hub().on_message(std::move(message)); },
              [this](std::string reason) {
                application.hub().on_feed_lost(std::move(reason), now.load());
              }}) {
    if (setup.with_database) fill_database();
    if (setup.tls) server.use_tls(need(TlsContext::load(*setup.tls)));
    port = server.port();
    loop = std::thread([this] { server.run(application); });
  }

  void fill_database() {
    need(storage::migrate(database));
    const auto writer = need(storage::open_account_store(database));
    add_user(*writer, "admin", "admin123");
    add_user(*writer, "operator", "operator1");
  }

  std::filesystem::path directory;
  Plant plant;
  CommandTable command_table;
  StaticSite site;
  storage::DatabaseOptions database;
  std::atomic<Timestamp> now = start_time();
  TagTable tags{{"C.D.G.P", {"R", "Float", Milliseconds{1000}}}};
  MemoryAudit audit;
  ScriptedBackups scripted;
  Server server;
  AccountDesk accounts;
  StoreDesk store;
  AlarmDesk alarms;
  OrderDesk orders;
  PasswordDesk passwords;
  SystemDesk system;
  BackupDesk backups;
  CommandDesk commands;
  CommandDesk emergency;
  PackerDesk packers;
  Application application;
  LiveFeed feed;
  unsigned short port = 0;
  std::thread loop;
};

RunningServer::RunningServer(ServerSetup setup) : parts_(std::make_unique<Parts>(setup)) {}

RunningServer::~RunningServer() {
  stop();
  const auto directory = parts_->directory;
  parts_.reset();
  std::filesystem::remove_all(directory);
}

void RunningServer::renew_tls() {
  std::promise<void> done;
  parts_->server.loop()([&] {
    parts_->server.renew_tls();
    done.set_value();
  });
  done.get_future().wait();
}

void RunningServer::stop() {
  if (!parts_->loop.joinable()) return;
  parts_->server.stop();
  parts_->loop.join();
}

unsigned short RunningServer::port() const {
  return parts_->port;
}
const std::filesystem::path& RunningServer::directory() const {
  return parts_->directory;
}
const Plant& RunningServer::plant() const {
  return parts_->plant;
}
const Router& RunningServer::router() const {
  return parts_->application.router();
}
const std::vector<Route>& RunningServer::routes() const {
  return parts_->application.router().routes();
}
const storage::DatabaseOptions& RunningServer::database() const {
  return parts_->database;
}
MemoryAudit& RunningServer::audit() {
  return parts_->audit;
}
ScriptedBackups& RunningServer::backups() {
  return parts_->scripted;
}
void RunningServer::set_now(Timestamp now) {
  parts_->now = now;
}

void RunningServer::tick() {
  audit_counts();
}

AuditCounts RunningServer::audit_counts() {
  const auto told = std::make_shared<std::promise<AuditCounts>>();
  auto counts = told->get_future();
  parts_->server.loop()([this, told] {
    parts_->application.tick();
    const AuditFigures audit = parts_->application.figures().audit;
    told->set_value({audit.written, audit.lost, audit.waiting});
  });
  if (counts.wait_for(std::chrono::seconds(10)) != std::future_status::ready)
    throw std::runtime_error("the loop does not answer");
  return counts.get();
}

std::unique_ptr<storage::AccountStore> RunningServer::accounts() const {
  return need(storage::open_account_store(parts_->database));
}

Timestamp RunningServer::start_time() {
  return Timestamp{std::chrono::seconds(1767268800)};
}

void RunningServer::store(const storage::Batch& batch) {
  need(need(storage::open_store(parts_->database, parts_->plant))->write_batch(batch));
}

Answer login(unsigned short port, const std::string& username, const std::string& password) {
  return request(port, "POST /auth/login", "Content-Type: application/json\r\n",
                 fmt::format(R"({{"username":"{}","password":"{}"}})", username, password));
}

SignedInClient sign_in(unsigned short port, const std::string& username,
                       const std::string& password) {
  const Answer answer = login(port, username, password);
  const std::string cookie = answer.header("Set-Cookie");
  SignedInClient client;
  client.cookie = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  client.csrf = "X-CSRF-Token: " + answer.text("csrf_token") + "\r\n";
  return client;
}

FakeCollector::FakeCollector(const std::filesystem::path& directory)
    : path_((directory / "live.sock").string()),
      listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  ::listen(listener_, 4);
  const timeval limit{10, 0};
  ::setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

FakeCollector::~FakeCollector() {
  hang_up();
  ::close(listener_);
  ::unlink(path_.c_str());
}

void FakeCollector::accept() {
  client_ = ::accept(listener_, nullptr, nullptr);
  if (client_ < 0) throw std::runtime_error("the web process did not connect to live.sock");
}

void FakeCollector::send_line(const std::string& line) {
  const std::string bytes = line + "\n";
  ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void FakeCollector::hang_up() {
  if (client_ >= 0) ::close(client_);
  client_ = -1;
}

}  // namespace wl::web::testing
