#include "storage/sqlite/convert_samples.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "storage/sqlite/testing/schema_1.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

class ConvertSamples : public ScratchDatabase {
 protected:
  /// A file as the first release left it: three hours of two points, one of which left plant.json.
  ConvertSamples() { make_schema_1(options_.sqlite_path); }

  /// Counts the samples, their sum and the usable ones that the rollups of a point know.
  struct Found {
    std::size_t samples = 0;
    double sum = 0;
    std::uint64_t in_rollups = 0;
    double sum_of_rollups = 0;
  };
  Found find(std::uint32_t point) const {
    const Plant plant = plant_of_schema_1();
    const auto store = open_store(options_, plant).value();
    Found found;
    RawQuery query{.points = {PointId{point}}, .from = {}, .to = {}};
    query.from = minute_of_schema_1(-60);
    query.to = minute_of_schema_1(300);
    const auto raw = store->read_raw(query);
    for (const Sample& one : raw.value().series[0].samples) {
      ++found.samples;
      found.sum += one.value;
    }
    const auto statistics = store->statistics({.points = {PointId{point}},
                                               .from = minute_of_schema_1(-60),
                                               .to = minute_of_schema_1(300),
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
  EXPECT_EQ(store->latest().value().at(0).source_time, minute_of_schema_1(179));
  EXPECT_THAT(store->covered_until().value(), Optional(minute_of_schema_1(179)));
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

/// Migrates in a process of its own, which is killed when it told its progress `times` times. False
/// when it came to its end before.
bool kill_after(const DatabaseOptions& options, int times) {
  int ends[2];
  if (::pipe(ends) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    const auto tell = [&](const std::string&, double) {
      if (::write(ends[1], "x", 1) != 1) ::_exit(2);
    };
    ::_exit(migrate(options, MigrationMode::apply, tell) ? 0 : 1);
  }
  ::close(ends[1]);
  char told = 0;
  while (times > 0 && ::read(ends[0], &told, 1) == 1) --times;
  ::kill(child, SIGKILL);
  ::close(ends[0]);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFSIGNALED(status);
}

TEST_F(ConvertSamples, a_process_that_is_killed_leaves_what_the_next_one_completes) {
  EXPECT_TRUE(kill_after(options_, 0));
  EXPECT_TRUE(kill_after(options_, 1));
  EXPECT_TRUE(kill_after(options_, 1));
  ASSERT_TRUE(migrate(options_));

  expect_everything_there();
}

TEST_F(ConvertSamples, a_dry_run_tells_the_steps_and_changes_nothing) {
  const std::string before = content();

  const auto report = migrate(options_, MigrationMode::dry_run);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->from_version, 1);
  EXPECT_THAT(report->steps,
              ElementsAre("0002_historian", "0003_samples_into_hours", "0004_hot_minutes",
                          "0005_alarms", "0006_oee", "0007_accounts"));
  EXPECT_EQ(content(), before);
}

}  // namespace
}  // namespace wl::storage
