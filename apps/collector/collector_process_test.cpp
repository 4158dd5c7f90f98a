#include "apps/collector/collector_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <numeric>

#include "apps/collector/live_reader.hpp"
#include "apps/collector/test_gateway.hpp"
#include "opcua/free_port.hpp"

namespace wl {
namespace {

using testing::HasSubstr;

/// A database server that takes connections and says nothing, until close().
class SilentServer {
 public:
  explicit SilentServer(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_.get(), generic, sizeof address), 0);
    EXPECT_EQ(::listen(socket_.get(), 8), 0);
  }
  void close() { socket_ = UniqueFd(); }

 private:
  UniqueFd socket_;
};

class CollectorProcessTest : public testing::Test {
 protected:
  CollectorProcessTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-coll-XXXXXX").string();
    settings_.root = ::mkdtemp(pattern.data());
    settings_.data_dir = settings_.run_dir = settings_.root;
    settings_.db_sqlite_path = settings_.root / "wattline.db";
    settings_.opc_ua_server_url = "opc.tcp://127.0.0.1:" + std::to_string(port_);
    settings_.opc_ua_timeout = Milliseconds{1000};
    settings_.batch_write_interval = Milliseconds{200};
    EXPECT_TRUE(storage::migrate(database()));
  }
  ~CollectorProcessTest() override { std::filesystem::remove_all(settings_.root); }

  storage::DatabaseOptions database() const { return {.sqlite_path = settings_.db_sqlite_path}; }

  /// Sets the counter to 1 … n, each with a source time of its own.
  void count_to(Gateway& gateway, std::uint64_t n) {
    for (std::uint64_t i = 1; i <= n; ++i) {
      gateway.set(i, 0.5, start_ + Milliseconds{static_cast<std::int64_t>(i)});
    }
  }

  /// Reads live values until the counter has the value.
  void await_live(double count) {
    LiveReader live(settings_.live_socket());
    double seen = -1;
    for (int i = 0; i < 500 && seen != count; ++i) {
      const LiveMessage message = live.next();
      const auto found = message.values.find("conveyor.count");
      if (found != message.values.end() && found->second.quality.is_good()) {
        seen = found->second.value;
      }
    }
    ASSERT_EQ(seen, count);
  }

  /// The link as soon as its reason is more than "connecting".
  LiveLink await_down() {
    LiveReader live(settings_.live_socket());
    LiveLink link;
    for (int i = 0; i < 50 && link.reason.size() < 15; ++i) {
      link = live.next().link.value_or(link);
    }
    return link;
  }

  /// Collects until the counter has the value, then stops.
  void collect_until(double count) {
    CollectorProcess collector(settings_, plant_);
    await_live(count);
    collector.stop();
  }

  /// All good values of the counter that are stored, in time order.
  std::vector<double> stored_counts() {
    std::vector<double> counts;
    const storage::RawAnswer answer = stored();
    for (const Sample& sample : answer.series[0].samples) {
      if (sample.quality.is_good()) counts.push_back(sample.value);
    }
    return counts;
  }

  storage::RawAnswer stored() {
    const auto store = storage::open_store(database(), plant_).value();
    return store
        ->read_raw({.points = {PointId{0}, PointId{1}, PointId{2}},
                    .from = {},
                    .to = wall_now() + Milliseconds{60'000}})
        .value();
  }

  const std::uint16_t port_ = opcua::free_port();
  const Timestamp start_ = wall_now();
  const Plant plant_ = plant_of_two();
  Settings settings_;
};

TEST_F(CollectorProcessTest, what_the_gateway_says_is_shown_live_and_stored) {
  Gateway gateway(port_);
  gateway.set(7, 0.5, start_);

  collect_until(7);

  const storage::RawAnswer answer = stored();
  ASSERT_FALSE(answer.series[0].samples.empty());
  EXPECT_EQ(answer.series[0].samples.back(), (Sample{PointId{0}, 7, quality::good, start_}));
  EXPECT_EQ(answer.series[1].samples.back().value, 0.5);
  EXPECT_TRUE(answer.series[2].samples.empty());
}

TEST_F(CollectorProcessTest, no_change_is_lost_between_the_gateway_and_the_database) {
  Gateway gateway(port_);
  gateway.set(0, 0.5, start_);
  CollectorProcess collector(settings_, plant_);
  await_live(0);
  std::vector<double> expected(51);
  std::iota(expected.begin(), expected.end(), 0);

  count_to(gateway, 50);
  await_live(50);
  collector.stop();

  EXPECT_EQ(stored_counts(), expected);
  EXPECT_TRUE(stored().intervals.back().alive);  // Proven by two deliveries at least.
}

TEST_F(CollectorProcessTest, the_time_between_two_runs_is_a_gap_with_its_cause) {
  Gateway gateway(port_);
  gateway.set(1, 0.5, start_);
  collect_until(1);
  gateway.set(2, 0.5, start_ + Milliseconds{5});

  collect_until(2);

  const storage::RawAnswer answer = stored();
  const auto gap =
      std::ranges::find(answer.intervals, "the collector did not run", &LinkInterval::cause);
  ASSERT_NE(gap, answer.intervals.end());
  EXPECT_FALSE(gap->alive);
  EXPECT_EQ(answer.series[0].samples.back().value, 2);
}

TEST_F(CollectorProcessTest, without_a_gateway_it_is_unhealthy_and_says_why) {
  CollectorProcess collector(settings_, plant_);

  const LiveLink link = await_down();

  EXPECT_FALSE(collector.status().healthy);
  EXPECT_FALSE(link.up);
  EXPECT_THAT(link.reason, HasSubstr(std::to_string(port_)));
}

TEST_F(CollectorProcessTest, a_missing_database_names_the_command_that_makes_it) {
  std::filesystem::remove(settings_.db_sqlite_path);

  try {
    CollectorProcess collector(settings_, plant_);
    FAIL() << "it started without a database";
  } catch (const StartError& error) {
    EXPECT_THAT(error.what(), HasSubstr("wattline init-db"));
  }
}

TEST_F(CollectorProcessTest, a_database_that_says_nothing_does_not_hold_up_a_start_with_a_spool) {
  Gateway gateway(port_);
  gateway.set(1, 0.5, start_);
  settings_.db_type = DatabaseKind::mysql;
  settings_.db_host = "127.0.0.1";
  settings_.db_port = opcua::free_port();
  collect_until(1);
  SilentServer silent(settings_.db_port);
  gateway.set(2, 0.5, start_ + Milliseconds{5});

  const auto begin = std::chrono::steady_clock::now();
  CollectorProcess collector(settings_, plant_);
  await_live(2);

  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{5});  // It waits 10 s.
  EXPECT_THAT(collector.status().reason, HasSubstr("has not answered yet"));
  silent.close();
}

TEST_F(CollectorProcessTest, a_second_collector_on_the_same_data_is_refused) {
  CollectorProcess first(settings_, plant_);

  try {
    CollectorProcess second(settings_, plant_);
    FAIL() << "it started twice";
  } catch (const StartError& error) {
    EXPECT_THAT(error.what(), HasSubstr("already running"));
  }
}

TEST(TagMap, points_of_one_tag_share_an_item_and_points_without_a_tag_have_none) {
  Plant plant = plant_of_two();
  plant.points[1].tag = plant.points[0].tag;

  const TagMap map = map_tags(plant);

  EXPECT_THAT(map.node_ids, testing::ElementsAre("ns=2;s=Ch.Dev.Count"));
  EXPECT_THAT(map.points[0], testing::ElementsAre(PointId{0}, PointId{1}));
}

}  // namespace
}  // namespace wl
