// A flood of alarms, from the tick to the database file.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <filesystem>

#include "collector/desk/alarm_desk.hpp"
#include "storage/alarm_store.hpp"

namespace wl {
namespace {

constexpr std::size_t flood = 10'000;
const Timestamp start = from_unix_ms(1'700'000'000'000);

/// One device with 2,500 points, and for each of them a rule of every level.
struct Hall {
  Plant plant;
  collector::AlarmMemory memory;

  Hall() {
    plant.devices.resize(1);
    plant.devices[0].id = "hall";
    plant.points.resize(flood / 4);
    memory.rules.resize(flood);
    const std::array<std::string, 4> levels{"", "warning", "critical", "emergency"};
    for (std::size_t i = 0; i < flood; ++i) {
      ThresholdRow& rule = memory.rules[i];
      PointSpec& point = plant.points[i / 4];
      point.name = rule.parameter_name = "power_" + std::to_string(i / 4);
      point.key = "hall." + rule.parameter_name;
      rule.device_id = "hall";
      rule.threshold_value = 3;
      rule.alarm_level = levels[i % 4];
    }
  }
};

/// What the writer makes of the news of a desk.
storage::Batch batch_of(collector::AlarmNews news) {
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  batch.alarms = std::move(news.rows);
  batch.alarm_journal = std::move(news.journal);
  return batch;
}

class AlarmFlood : public testing::Test {
 protected:
  AlarmFlood() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-flood-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    database_.sqlite_path = directory_ / "wattline.db";
    EXPECT_TRUE(storage::migrate(database_));
  }
  ~AlarmFlood() override { std::filesystem::remove_all(directory_); }

  storage::AlarmPage stored() {
    return storage::open_alarm_store(database_).value()->alarms({.filter = {}, .limit = 1}).value();
  }

  std::filesystem::path directory_;
  storage::DatabaseOptions database_;
};

TEST_F(AlarmFlood, ten_thousand_alarms_of_one_second_are_all_in_the_database) {
  const Hall hall;
  const collector::Now now{start, Milliseconds{1000}};
  collector::AlarmDeskOptions options;
  options.core.counts = {.raise = 1, .clear = 1};
  collector::AlarmDesk desk(hall.plant, options, hall.memory, now);
  const std::vector<LiveValue> values(flood / 4, {4, quality::good, start});
  const auto store = storage::open_collector_store(database_, hall.plant).value();

  desk.on_tick({start, now.monotonic, values, true, start});
  ASSERT_TRUE(store->write_batch(batch_of(desk.take(now))));

  EXPECT_EQ(stored().statistics.total, flood);
  EXPECT_EQ(stored().statistics.by_level.at("emergency"), flood / 4);
  EXPECT_EQ(store->open_alarms(start).value().size(), flood);
  EXPECT_EQ(store->last_alarm_id().value(), flood);
}

}  // namespace
}  // namespace wl
