#include "storage/check/check.hpp"

#include <gmock/gmock.h>

#include "storage/rollup/bucket_codec.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/scratch_database.hpp"
#include "storage/sqlite/sqlite_tables.hpp"
#include "storage/testing/alarm_samples.hpp"

namespace wl::storage {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t hour_ms = 3'600'000;

/// Three hours of power and of a counter, folded into chunks.
class CheckTest : public ScratchDatabase {
 protected:
  CheckTest() {
    EXPECT_TRUE(migrate(options_));
    plant_.points.push_back(point_spec("station1", "energy_kwh", 1));
    store_ = open_collector_store(options_, plant_).value();
    for (std::int64_t i = 0; i < 60; ++i) EXPECT_TRUE(store_->write_batch(batch(i)));
    fold();
  }

  /// Three minutes; the counter rises by 0.05 kWh each.
  static Batch batch(std::int64_t number) {
    Batch batch;
    batch.source = "test";
    batch.seq = static_cast<std::uint64_t>(number) + 1;
    const std::int64_t start = number * 180'000;
    for (std::int64_t i = 0; i < 18; ++i) {
      batch.samples.push_back(sample(0, start + i * 10'000, static_cast<double>(i)));
    }
    batch.samples.push_back(sample(3, start, 100 + 0.05 * static_cast<double>(number)));
    batch.intervals = {{at(start), at(start + 180'000), true, ""}};
    batch.ledger.buckets = {bucket(number)};
    return batch;
  }
  static EnergyBucket bucket(std::int64_t number) {
    const Timestamp time = at(number * 180'000);
    const Timestamp start = floor_to(time, energy_bucket_length);
    // Rises that ended in the bucket so far: absolute, as the ledger tells it.
    std::int64_t rises = 0;
    for (std::int64_t i = 1; i <= number; ++i) rises += at(i * 180'000) >= start;
    return {.device = DeviceId{1},
            .start = start,
            .milli_wh = rises * 50'000,
            .covered_ms = 1,
            .uncertain = false};
  }
  void fold() {
    for (int i = 0; i < 1000; ++i) {
      if (!store_->upkeep(at(100 * hour_ms), {.raw = {}}).value().more) return;
    }
  }
  void sql(const std::string& statement) {
    connect(options_, Checkpoints::by_the_collector)->exec(statement);
  }
  /// Of the oldest minute block.
  void change_first_bucket(void (*change)(Bucket&)) {
    const auto database = connect(options_, Checkpoints::by_the_collector);
    SQLite::Statement old(*database, "SELECT id, body FROM minute_blocks ORDER BY id LIMIT 1");
    ASSERT_TRUE(old.executeStep());
    auto buckets = decode_buckets(Tier::minute, old.getColumn(1).getString()).value();
    change(buckets.front());
    SQLite::Statement write(*database, "UPDATE minute_blocks SET body = ? WHERE id = ?");
    const std::string body = encode_buckets(Tier::minute, buckets);
    write.bind(1, body.data(), static_cast<int>(body.size()));
    write.bind(2, old.getColumn(0).getInt64());
    old.reset();
    write.exec();
  }
  /// Of the first point, of an hour.
  void change_open_bucket(void (*change)(Bucket&)) {
    const auto tables = open_sqlite_tables(options_, Checkpoints::by_the_collector);
    OpenRow row = tables->open_all().front();
    OpenBuckets open = decode_open(row.body).value();
    change(*open.of_tier[2]);
    row.body = encode_open(open);
    tables->put_open({&row, 1});
  }
  /// Life goes on without a sample.
  static Batch link_only(std::int64_t until) {
    Batch batch;
    batch.source = "test";
    batch.seq = 100;
    batch.intervals = {{at(180 * 60'000), at(until), true, ""}};
    return batch;
  }
  /// Every block and open bucket as it is stored.
  std::string all_buckets() {
    const auto database = connect(options_, Checkpoints::by_the_collector);
    SQLite::Statement rows(*database,
                           "SELECT body FROM (SELECT 1 AS tier, id, body FROM minute_blocks UNION "
                           "SELECT 2, id, body FROM quarter_blocks UNION SELECT 3, id, body FROM "
                           "hour_blocks UNION SELECT 4, point_id, body FROM open_rollups) ORDER BY "
                           "tier, id");
    std::string all;
    while (rows.executeStep()) all += rows.getColumn(0).getString() + "\n";
    return all;
  }
  CheckReport repair() { return repair_database(options_, plant_, {}).value(); }
  CheckReport check() { return check_database(options_, plant_, CheckDepth::full, {}).value(); }

  Plant plant_ = small_plant();
  std::unique_ptr<CollectorStore> store_;
};

TEST_F(CheckTest, a_sound_database_has_no_fault) {
  const CheckReport report = check();

  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_THAT(report.notes, IsEmpty());
  EXPECT_TRUE(report.sound());
  EXPECT_GT(report.chunks, 0u);
  EXPECT_GT(report.hours_compared, 0u);
  EXPECT_GT(report.energy_days, 0u);
  EXPECT_EQ(report.samples, 60u * 19);
  EXPECT_EQ(report.link_intervals, 1u);
}

TEST_F(CheckTest, an_alarm_whose_state_contradicts_its_times_is_named) {
  Batch batch;
  batch.source = "test";
  batch.seq = 100;
  for (std::uint64_t id = 1; id <= 6; ++id) batch.alarms.push_back(alarm_row(id));
  batch.alarms.push_back(ended_alarm(7));
  ASSERT_TRUE(store_->write_batch(batch));
  EXPECT_TRUE(check().sound());
  EXPECT_EQ(check().alarms, 7u);

  sql("UPDATE alarms SET cleared_at = timestamp + 5 WHERE id = 1");
  sql("UPDATE alarms SET state = 'asleep' WHERE id = 2");
  sql("UPDATE alarms SET state = 'active_acked' WHERE id = 3");
  sql("UPDATE alarms SET acknowledged = 1 WHERE id = 4");
  sql("UPDATE alarms SET state = 'shelved' WHERE id = 5");
  sql("UPDATE alarms SET state = 'normal' WHERE id = 6");
  sql("UPDATE alarms SET cleared_at = NULL WHERE id = 7");

  EXPECT_THAT(
      check().faults,
      ElementsAre(HasSubstr("alarm 7 (conveyor.power_kw:high:critical, raised 2023-11-14T22:13:27"
                            ".000Z): its condition is gone, but it has no time of its end"),
                  HasSubstr("alarm 6 "), HasSubstr("no end of its shelving"),
                  HasSubstr("acknowledged, but without a time"), HasSubstr("not acknowledged"),
                  HasSubstr("'asleep' does not exist"), HasSubstr("alarm 1 ")));
}

TEST_F(CheckTest, energy_that_nothing_explains_is_a_fault_with_figures) {
  Batch batch;
  batch.source = "test";
  batch.seq = 100;
  EnergyBucket wrong = bucket(59);
  wrong.milli_wh += 700'000;
  batch.ledger.buckets = {wrong};
  ASSERT_TRUE(store_->write_batch(batch));

  EXPECT_THAT(check().faults,
              ElementsAre(HasSubstr("energy of station1: the ledger has 3.650000 kWh, the counter "
                                    "rose by 2.950000 kWh; 0.700000 kWh are not explained")));
}

TEST_F(CheckTest, oee_that_does_not_add_up_is_named_by_quarter_hour_and_stop) {
  Batch batch;
  batch.source = "test";
  batch.seq = 100;
  const Timestamp quarter = floor_to(at(0), oee_quarter_length);
  batch.oee.quarters = {{quarter, {.planned_ms = 900'000, .running_ms = 900'000}},
                        {quarter + oee_quarter_length, {.planned_ms = 900'000, .idle_ms = 5}}};
  batch.oee.stops_from = at(0);
  batch.oee.stops = {{at(0), at(10), OeeElement::idle, "standby", 10},
                     {at(9), at(20), OeeElement::idle, "standby", 11}};
  ASSERT_TRUE(store_->write_batch(batch));

  const CheckReport report = check();

  EXPECT_EQ(report.oee_quarters, 2u);
  EXPECT_EQ(report.oee_stops, 2u);
  EXPECT_THAT(report.faults,
              ElementsAre(HasSubstr("its time elements are 5 ms, planned are 900000 ms"),
                          HasSubstr("it overlaps the one at")));
}

TEST_F(CheckTest, a_swap_of_the_meter_explains_a_difference) {
  Batch batch;
  batch.source = "test";
  batch.seq = 100;
  batch.samples = {sample(3, 4 * hour_ms, 7)};
  batch.ledger.events = {{.device = DeviceId{1},
                          .kind = MeterEventKind::swap,
                          .at = at(4 * hour_ms),
                          .before = 102'950'000,
                          .after = 7'000'000}};
  ASSERT_TRUE(store_->write_batch(batch));

  const CheckReport report = check();
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_THAT(report.notes, Contains(HasSubstr("1 meter events explain the difference")));
}

TEST_F(CheckTest, a_damaged_chunk_is_named_by_point_and_hour) {
  sql("UPDATE chunks SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) "
      "WHERE id = (SELECT min(id) FROM chunks)");

  EXPECT_THAT(check().faults,
              Contains(testing::AllOf(HasSubstr("chunk of conveyor.power_kw at 2023-11-14T22:00"),
                                      HasSubstr("checksum"))));
}

TEST_F(CheckTest, a_chunk_under_another_hour_is_a_fault) {
  sql("UPDATE chunks SET id = id + 500 * 2097152 WHERE id = (SELECT min(id) FROM chunks)");

  EXPECT_THAT(check().faults, Contains(HasSubstr("it holds samples from")));
}

TEST_F(CheckTest, a_damaged_row_of_closed_minutes_is_a_fault) {
  sql("UPDATE hot_minutes SET body = CAST(substr(body, 1, 10) AS BLOB) "
      "WHERE id = (SELECT min(id) FROM hot_minutes)");

  EXPECT_THAT(check().faults,
              Contains(testing::AllOf(HasSubstr("closed minutes of segment 0 at 2023-11-15T"),
                                      HasSubstr("an entry is cut"))));
}

TEST_F(CheckTest, closed_minutes_that_nothing_will_fold_are_a_fault) {
  sql("DELETE FROM hot_parts");

  EXPECT_THAT(check().faults, Contains(HasSubstr("their hour is folded already")));
}

TEST_F(CheckTest, a_rollup_that_is_missing_is_a_fault) {
  sql("DELETE FROM minute_blocks WHERE id = (SELECT min(id) FROM minute_blocks)");

  EXPECT_THAT(check().faults, Contains(HasSubstr("rollup of 1 min of conveyor.power_kw at ")));
}

TEST_F(CheckTest, a_rollup_with_another_first_value_is_a_fault_with_both_values) {
  change_first_bucket([](Bucket& bucket) { bucket.first += 0.5; });

  EXPECT_THAT(check().faults, ElementsAre(testing::AllOf(HasSubstr("first 0.5, last 3"),
                                                         HasSubstr("first 0, last 3"))));
}

TEST_F(CheckTest, a_rollup_with_another_first_time_is_a_fault_with_both_times) {
  change_first_bucket([](Bucket& bucket) { bucket.first_time -= Milliseconds{1}; });

  EXPECT_THAT(check().faults, ElementsAre(HasSubstr("they are from 2023-11-14T22:13:20.000Z to")));
}

TEST_F(CheckTest, a_repair_computes_rollups_again_and_tells_what_was_wrong) {
  const std::string before = all_buckets();
  change_first_bucket([](Bucket& bucket) { bucket.first += 0.5; });
  ASSERT_NE(all_buckets(), before);

  const CheckReport repaired = repair();

  EXPECT_THAT(repaired.repairs, ElementsAre(HasSubstr("first 0.5, last 3")));
  EXPECT_EQ(repaired.repair_count, 1u);
  EXPECT_TRUE(repaired.sound());
  EXPECT_EQ(all_buckets(), before);
  EXPECT_THAT(check().faults, IsEmpty());
  EXPECT_EQ(repair().repair_count, 0u);
}

TEST_F(CheckTest, a_repair_brings_back_rollups_that_are_missing) {
  const std::string before = all_buckets();
  sql("DELETE FROM minute_blocks WHERE id = (SELECT min(id) FROM minute_blocks)");

  EXPECT_GT(repair().repair_count, 0u);

  EXPECT_EQ(all_buckets(), before);
}

TEST_F(CheckTest, a_repair_leaves_other_faults_as_they_are) {
  sql("INSERT INTO link_intervals SELECT from_ts + 1000, to_ts + 1000, 1, 'x' FROM link_intervals");

  EXPECT_EQ(repair().fault_count, 1u);
  EXPECT_EQ(check().fault_count, 1u);
}

TEST_F(CheckTest, the_line_goes_on_after_a_repair_of_the_hour_that_grows) {
  change_open_bucket([](Bucket& bucket) { bucket.max = 99; });
  ASSERT_TRUE(store_->write_batch(link_only(4 * hour_ms)));
  store_.reset();

  EXPECT_GT(repair().repair_count, 0u);

  EXPECT_THAT(check().faults, IsEmpty());
  EXPECT_EQ(repair().repair_count, 0u);
}

TEST_F(CheckTest, overlapping_link_intervals_are_a_fault) {
  sql("INSERT INTO link_intervals SELECT from_ts + 1000, to_ts + 1000, 1, 'x' FROM link_intervals");

  EXPECT_THAT(check().faults, ElementsAre(HasSubstr("it overlaps the one from")));
}

TEST_F(CheckTest, stops_when_it_is_told_to) {
  const auto checked = check_database(options_, plant_, CheckDepth::sample,
                                      [](const std::string&) { return false; });

  EXPECT_EQ(checked.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace wl::storage
