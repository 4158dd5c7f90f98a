// Alarms through the whole collector: from the gateway to the table, and from the order to its row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "apps/collector/collector_process.hpp"
#include "apps/collector/live_reader.hpp"
#include "apps/collector/test_gateway.hpp"
#include "base/durable_file.hpp"
#include "model/live_order.hpp"
#include "opcua/free_port.hpp"
#include "storage/alarm_store.hpp"

namespace wl {
namespace {

using Type = LiveMessage::Type;

/// A collector in a process of its own, so that it can be killed. Make it before any thread.
class ChildCollector {
 public:
  ChildCollector(const Settings& settings, const Plant& plant) : pid_(::fork()) {
    if (pid_ == 0) run(settings, plant);
  }
  ~ChildCollector() { kill(); }
  ChildCollector(const ChildCollector&) = delete;
  ChildCollector& operator=(const ChildCollector&) = delete;

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void run(const Settings& settings, const Plant& plant) {
    const CollectorProcess collector(settings, plant);
    for (;;) ::pause();
  }

  pid_t pid_;
};

class CollectorAlarmsTest : public testing::Test {
 protected:
  CollectorAlarmsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-alarms-XXXXXX").string();
    settings_.root = ::mkdtemp(pattern.data());
    settings_.data_dir = settings_.run_dir = settings_.log_dir = settings_.root;
    settings_.db_sqlite_path = settings_.root / "wattline.db";
    settings_.opc_ua_server_url = "opc.tcp://127.0.0.1:" + std::to_string(port_);
    settings_.opc_ua_timeout = Milliseconds{1000};
    settings_.batch_write_interval = Milliseconds{200};
    settings_.data_collection_interval = settings_.alarm_check_interval = Milliseconds{100};
    settings_.alarm_consecutive_count = 1;
    EXPECT_TRUE(storage::migrate(database()));
  }
  ~CollectorAlarmsTest() override { std::filesystem::remove_all(settings_.root); }

  storage::DatabaseOptions database() const { return {.sqlite_path = settings_.db_sqlite_path}; }

  void add_rule() {
    ThresholdRow rule;
    rule.device_id = "conveyor";
    rule.parameter_name = "power_kw";
    rule.threshold_value = 3;
    rule.alarm_level = "critical";
    rule.updated_by = "admin";
    ASSERT_TRUE(storage::open_alarm_store(database()).value()->add_threshold(rule));
  }

  /// Rows of the conveyor, newest first.
  std::vector<AlarmRow> stored() {
    storage::AlarmQuery query;
    query.filter.device_id = "conveyor";
    return storage::open_alarm_store(database()).value()->alarms(query).value().alarms;
  }

  /// Waits for the live socket, 10 s at most.
  LiveReader connected() {
    for (int i = 0; i < 100; ++i) {
      LiveReader reader(settings_.live_socket());
      if (reader.connected()) return reader;
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    return LiveReader();
  }

  /// The row of the conveyor as soon as it is told; an empty one when it is not.
  static AlarmRow await_alarm(LiveReader& live) {
    for (int i = 0; i < 100; ++i) {
      for (const LiveAlarm& alarm : live.next().alarms) {
        if (alarm.row.device_id == "conveyor") return alarm.row;
      }
    }
    return {};
  }

  static LiveAnswer order(LiveReader& live, LiveOrder::Kind kind,
                          std::vector<std::uint64_t> ids = {}) {
    LiveOrder order{
        .kind = kind, .ref = 7, .ids = std::move(ids), .minutes = 0, .by = "admin", .note = ""};
    live.send(encode_order(order) + "\n");
    const LiveMessage message = live.next_of(Type::answer);
    return message.answer.value_or(LiveAnswer{.error = Error{Errc::not_found, "no answer"}});
  }
  /// Of the first alarm of the conveyor.
  static LiveAnswer acknowledge(LiveReader& live) {
    return order(live, LiveOrder::Kind::acknowledge, {await_alarm(live).id});
  }

  const std::uint16_t port_ = opcua::free_port();
  const Plant plant_ = plant_of_two();
  Settings settings_;
};

TEST_F(CollectorAlarmsTest, an_overload_is_told_acknowledged_by_an_order_and_stored) {
  add_rule();
  Gateway gateway(port_);
  gateway.set(1, 3.4, wall_now());
  CollectorProcess collector(settings_, plant_);
  LiveReader live = connected();

  const LiveAnswer answer = acknowledge(live);
  collector.stop();

  EXPECT_EQ(answer.ref, 7u);
  ASSERT_FALSE(answer.error) << answer.error->what;
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].state, "active_acked");
  EXPECT_EQ(stored()[0].acknowledged_by, "admin");
  EXPECT_EQ(stored()[0].message, answer.alarms.at(0).message);
}

TEST_F(CollectorAlarmsTest, a_rule_that_is_added_applies_when_the_order_is_answered) {
  Gateway gateway(port_);
  gateway.set(1, 3.4, wall_now());
  CollectorProcess collector(settings_, plant_);
  LiveReader live = connected();
  live.next();

  add_rule();
  const auto begin = std::chrono::steady_clock::now();
  const LiveAnswer answer = order(live, LiveOrder::Kind::rules_changed);
  const auto took = std::chrono::steady_clock::now() - begin;

  EXPECT_FALSE(answer.error);
  EXPECT_LT(took, std::chrono::seconds{1});
  LiveReader later = connected();  // The alarm may have been told before the answer.
  EXPECT_EQ(await_alarm(later).state, "active_unacked");
}

TEST_F(CollectorAlarmsTest, a_killed_collector_forgets_no_acknowledgement_that_it_answered) {
  add_rule();
  ChildCollector child(settings_, plant_);
  Gateway gateway(port_);
  gateway.set(1, 3.4, wall_now());
  LiveReader before = connected();
  const LiveAnswer answer = acknowledge(before);

  child.kill();
  CollectorProcess collector(settings_, plant_);
  LiveReader after = connected();
  const AlarmRow shown = await_alarm(after);
  collector.stop();

  ASSERT_FALSE(answer.error) << answer.error->what;
  EXPECT_EQ(shown, answer.alarms.at(0));
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].state, "active_acked");
  EXPECT_EQ(stored()[0].raise_count, 1u);
}

TEST_F(CollectorAlarmsTest, a_damaged_memory_is_made_good_from_the_database) {
  add_rule();
  Gateway gateway(port_);
  gateway.set(1, 3.4, wall_now());
  auto first = std::make_unique<CollectorProcess>(settings_, plant_);
  {
    LiveReader live = connected();
    EXPECT_FALSE(acknowledge(live).error);
  }
  first->stop();
  first.reset();
  ASSERT_TRUE(write_file(settings_.data_dir / "alarm_state.json", "torn", Durability::visible));

  CollectorProcess second(settings_, plant_);
  LiveReader live = connected();

  EXPECT_EQ(await_alarm(live).state, "active_acked");
}

}  // namespace
}  // namespace wl
