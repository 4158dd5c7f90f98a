#include "web/testing/filled_server.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "base/durable_file.hpp"
#include "storage/account_store.hpp"
#include "storage/alarm_store.hpp"
#include "storage/testing/alarm_samples.hpp"
#include "storage/token_store.hpp"

namespace wl::web::testing {
namespace {

using namespace std::chrono_literals;

constexpr auto time_to_connect = 10s;

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Timestamp an_hour_ago() {
  return RunningServer::start_time() - 60min;
}

void write_samples(storage::Batch& batch, const Plant& plant) {
  for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
    const bool state = plant.points[i].kind == PointKind::state;
    for (int step = 0; step < 6; ++step) {
      const double value = state ? step % 2 : 2 + step * 0.5;
      batch.samples.push_back(
          {PointId{i}, value, quality::good, an_hour_ago() + std::chrono::minutes(step * 10)});
    }
  }
  batch.intervals = {{an_hour_ago(), an_hour_ago() + 45min, true, ""},
                     {an_hour_ago() + 45min, an_hour_ago() + 50min, false, "gateway gone"},
                     {an_hour_ago() + 50min, RunningServer::start_time(), true, ""}};
}

void write_quarters(storage::Batch& batch, const Plant& plant) {
  for (int quarter = 0; quarter < 4; ++quarter) {
    const Timestamp start = an_hour_ago() + quarter * 15min;
    for (std::uint32_t i = 0; i < plant.devices.size(); ++i)
      batch.ledger.buckets.push_back(
          {.device = DeviceId{i}, .start = start, .milli_wh = 500'000, .covered_ms = 900'000});
    batch.oee.quarters.push_back({start,
                                  {.planned_ms = 900'000,
                                   .running_ms = 720'000,
                                   .breakdown_ms = 180'000,
                                   .produced = 21,
                                   .rejected = 2,
                                   .rated_produced = 20,
                                   .rated_rejected = 2,
                                   .ideal_produced_us = 720'000'000,
                                   .ideal_good_us = 648'000'000}});
  }
  batch.oee.stops_from = an_hour_ago();
  batch.oee.stops = {
      {an_hour_ago(), an_hour_ago() + 3min, OeeElement::minor_stop, "standby", 180'000},
      {an_hour_ago() + 50min, std::nullopt, OeeElement::breakdown, "fault", 600'000}};
}

void write_alarms(storage::Batch& batch) {
  batch.alarms = {storage::alarm_row(1), storage::alarm_row(2), storage::ended_alarm(3),
                  storage::alarm_row(4)};
  batch.alarms[2].note = "=cmd|' /C calc'!A0";
  batch.alarms[3].device_id = "robot";
  batch.alarm_journal = {storage::journal_row(1, 1, "raise"),
                         storage::journal_row(3, 2, "acknowledge")};
}

storage::Batch what_happened(const Plant& plant) {
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  write_samples(batch, plant);
  write_quarters(batch, plant);
  write_alarms(batch);
  return batch;
}

LiveMessage fresh_values() {
  LiveMessage snapshot = nothing_yet();
  snapshot.ts = RunningServer::start_time();
  snapshot.values = {{"conveyor.power_kw", {0.95, quality::good, snapshot.ts}},
                     {"conveyor.energy_kwh", {120.5, quality::good, snapshot.ts}},
                     {"conveyor.status", {1, quality::good, snapshot.ts}}};
  return snapshot;
}

LiveAnswer obey(const LiveOrder& order) {
  LiveAnswer answer;
  for (const std::uint64_t id : order.ids) {
    AlarmRow row = storage::alarm_row(id);
    row.note = order.note;
    if (order.kind == LiveOrder::Kind::acknowledge) {
      row.acknowledged = true;
      row.acknowledged_by = order.by;
      row.acknowledged_at = row.timestamp;
      row.state = alarm_state::active_acked;
    }
    if (order.kind == LiveOrder::Kind::shelve) {
      row.state = alarm_state::shelved;
      row.shelved_by = order.by;
      row.shelved_until = RunningServer::start_time() + std::chrono::minutes(order.minutes);
    }
    answer.alarms.push_back(std::move(row));
  }
  return answer;
}

void put_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  need(wl::write_file(path, text, Durability::visible));
}

/// Its public name, which the example of DELETE /api/sessions/{id} has, is made of this key.
void add_session_of_operator(const storage::DatabaseOptions& database) {
  storage::Session session;
  session.token_sha256 = "foo";
  session.user_id = 2;
  session.created_at = RunningServer::start_time();
  session.last_seen = RunningServer::start_time();
  session.remote_address = "127.0.0.1";
  need(need(storage::open_account_store(database))->add_session(session));
}

/// Until the collector's snapshot has come. No program of that name runs beside a server under
/// test, so /readyz goes on missing it.
void wait_until_ready(unsigned short port) {
  const auto end = std::chrono::steady_clock::now() + time_to_connect;
  while (request(port, "GET /readyz").body.find(R"("part":"live")") != std::string::npos) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("the server under test is not ready: " +
                               request(port, "GET /readyz").body);
    std::this_thread::yield();
  }
}

}  // namespace

FilledServer::FilledServer() {
  ServerSetup setup;
  setup.plant = need(read_file(WATTLINE_PLANT_JSON));
  setup.before_start = [this](const std::filesystem::path& directory) {
    put_file(directory / "ui/index.html", "<!doctype html><title>Wattline</title>");
    put_file(directory / "ui/docs-ui/docs.js", "// In place of the built one.");
    collector_ = std::make_unique<OrderTaker>(
        directory,
        [this](const LiveOrder& order) {
          ++orders_;
          return obey(order);
        },
        fresh_values());
  };
  server_ = std::make_unique<RunningServer>(std::move(setup));
  server_->store(what_happened(server_->plant()));
  const auto alarms = need(storage::open_alarm_store(server_->database()));
  need(alarms->add_threshold(storage::threshold_row()));
  add_session_of_operator(server_->database());
  calls_ = openapi::described_calls(server_->routes());
  wait_until_ready(port());
  add_token();
}

/// Number 1, of admin; where the server knows no tokens nobody asks for it.
void FilledServer::add_token() {
  const SignedInClient admin = sign_in(port());
  request(port(), "POST /api/tokens", admin.all(), R"({"name":"first","scopes":["read"]})");
}

std::string FilledServer::state() const {
  std::string text;
  const auto alarms = need(storage::open_alarm_store(server_->database()));
  for (const ThresholdRow& row : need(alarms->thresholds()))
    text += fmt::format("threshold {} {} {}\n", row.id, row.version, row.threshold_value);
  for (const AlarmRow& row : need(alarms->alarms({})).alarms)
    text += fmt::format("alarm {} {} {}\n", row.id, row.state, row.note);
  const auto accounts = need(storage::open_account_store(server_->database()));
  for (const storage::User& user : need(accounts->users()))
    text += fmt::format("user {} {} {} {}\n", user.id, user.username, user.password_hash,
                        static_cast<int>(user.role));
  for (const auto& [token, owner] : need(accounts->tokens().list({}, 100)))
    text += fmt::format("token {} {} {}\n", token.id, owner.username, token.scopes);
  return text;
}

}  // namespace wl::web::testing
