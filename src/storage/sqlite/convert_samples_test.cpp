#include "storage/sqlite/convert_samples.hpp"

#include <cmath>

#include "storage/rollup/bucket.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/scratch_database.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

constexpr std::int64_t hour_ms = 3'600'000;

class ConvertSamples : public ScratchDatabase {
 protected:
  /// A file as the first release left it: three hours of two points, one of which left plant.json.
  ConvertSamples() {
    SQLite::Database old(options_.sqlite_path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec("PRAGMA journal_mode = WAL");
    old.exec(std::string(sqlite_migrations().front().sql));
    old.exec(
        "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
        "INSERT INTO schema_version VALUES (1, '0001_first_tables');"
        "INSERT INTO devices VALUES (1, 'conveyor'), (2, 'gone');"
        "INSERT INTO points VALUES (1, 1, 'conveyor.power_kw', 'kW'), (2, 2, 'gone.power_kw', '');"
        "INSERT INTO ingest_batch VALUES ('spool', 41, 5), ('spool', 42, 5)");
    SQLite::Statement put(old, "INSERT INTO samples VALUES (?, ?, ?, 0)");
    for (std::int64_t minute = 0; minute < 180; ++minute) {
      put_row(put, 1, minute, static_cast<double>(minute) / 10);
      if (minute < 70) put_row(put, 2, minute, -static_cast<double>(minute));
    }
    old.exec(
        "INSERT INTO latest SELECT point_id, max(ts), value, quality FROM samples GROUP BY 1;"
        "INSERT INTO link_intervals SELECT min(ts), max(ts), 1, '' FROM samples");
  }

  static void put_row(SQLite::Statement& put, int point, std::int64_t minute, double value) {
    put.reset();
    put.bind(1, point);
    put.bind(2, to_unix_ms(time_of_minute(minute)));
    put.bind(3, value);
    put.exec();
  }
  static Timestamp time_of_minute(std::int64_t minute) {
    return floor_to(at(0), Milliseconds{hour_ms}) + std::chrono::minutes{minute};
  }

  Plant plant_with_the_gone_point() const {
    Plant plant = small_plant();
    plant.devices.push_back({.id = "gone", .name = {}, .description = {}, .type = {}});
    plant.points.push_back(point_spec("gone", "power_kw", 2));
    return plant;
  }

  /// Counts the samples, their sum and the usable ones that the rollups of a point know.
  struct Found {
    std::size_t samples = 0;
    double sum = 0;
    std::uint64_t in_rollups = 0;
    double sum_of_rollups = 0;
  };
  Found find(std::uint32_t point) const {
    const Plant plant = plant_with_the_gone_point();
    const auto store = open_store(options_, plant).value();
    Found found;
    RawQuery query{.points = {PointId{point}}, .from = {}, .to = {}};
    query.from = time_of_minute(-60);
    query.to = time_of_minute(300);
    const auto raw = store->read_raw(query);
    for (const Sample& one : raw.value().series[0].samples) {
      ++found.samples;
      found.sum += one.value;
    }
    const auto statistics = store->statistics({.points = {PointId{point}},
                                               .from = time_of_minute(-60),
                                               .to = time_of_minute(300),
                                               .interval = Interval::minute});
    for (const StatisticsBucket& bucket : statistics.value().series[0].buckets) {
      found.in_rollups += bucket.usable;
      found.sum_of_rollups += bucket.sum;
    }
    return found;
  }

  void expect_everything_there() const {
    const Found first = find(0);
    const Found gone = find(3);
    EXPECT_EQ(first.samples, 180u);
    EXPECT_NEAR(first.sum, 1611, 1e-6);
    EXPECT_EQ(first.in_rollups, 180u);
    EXPECT_NEAR(first.sum_of_rollups, 1611, 1e-6);
    EXPECT_EQ(gone.samples, 70u);
    EXPECT_NEAR(gone.sum, -2415, 1e-6);
    EXPECT_EQ(gone.in_rollups, 70u);
  }
};

TEST_F(ConvertSamples, every_sample_is_in_the_raw_history_and_in_the_rollups) {
  const auto report = migrate(options_);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->from_version, 1);
  expect_everything_there();
  SQLite::Database database(options_.sqlite_path, SQLite::OPEN_READONLY);
  EXPECT_FALSE(database.tableExists("samples"));
}

TEST_F(ConvertSamples, what_was_collected_before_stays_known) {
  ASSERT_TRUE(migrate(options_));

  const Plant plant = small_plant();
  const auto store = open_collector_store(options_, plant).value();

  EXPECT_EQ(store->last_seq("spool"), 42u);
  EXPECT_EQ(store->latest().value().at(0).source_time, time_of_minute(179));
  EXPECT_THAT(store->covered_until().value(), Optional(time_of_minute(179)));
}

TEST_F(ConvertSamples, killed_after_any_hour_it_goes_on_there) {
  struct Killed {};
  std::vector<double> shares;
  const auto kill_after_an_hour = [&](const std::string&, double share) {
    shares.push_back(share);
    throw Killed{};
  };

  EXPECT_THROW(static_cast<void>(migrate(options_, MigrationMode::apply, kill_after_an_hour)),
               Killed);
  EXPECT_FALSE(open_store(options_, small_plant()));
  EXPECT_THROW(static_cast<void>(migrate(options_, MigrationMode::apply, kill_after_an_hour)),
               Killed);
  ASSERT_TRUE(migrate(options_));

  EXPECT_EQ(shares.size(), 2u);
  EXPECT_LT(shares.front(), shares.back());
  expect_everything_there();
}

TEST_F(ConvertSamples, a_dry_run_tells_the_steps_and_changes_nothing) {
  const std::string before = content();

  const auto report = migrate(options_, MigrationMode::dry_run);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->from_version, 1);
  EXPECT_THAT(report->steps,
              ElementsAre("0002_historian", "0003_samples_into_hours", "0004_hot_minutes"));
  EXPECT_EQ(content(), before);
}

}  // namespace
}  // namespace wl::storage
