// Folding, retention and archiving, as a reader and an operator see them.
#include <set>

#include "storage/archive/chunk_archive.hpp"
#include "storage/historian/hour_chunk.hpp"
#include "storage/historian/testing/historian_suite.hpp"

namespace wl::storage {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;
/// From at(0) to the next full hour.
constexpr std::int64_t to_hour = hour_ms - 1'700'000'000'000 % hour_ms;

std::vector<Sample> every_second(std::uint32_t point, std::int64_t from, int count) {
  std::vector<Sample> samples;
  for (int i = 0; i < count; ++i)
    samples.push_back(sample(point, from + i * 1000, static_cast<double>(i % 7)));
  return samples;
}

StatisticsQuery days_of(std::uint32_t point, std::int64_t from, std::int64_t to) {
  StatisticsQuery query;
  query.points = {PointId{point}};
  query.from = at(from);
  query.to = at(to);
  query.interval = Interval::day;
  return query;
}

/// Refuses until it is told to keep.
class Shelf : public ChunkArchive {
 public:
  Result<void> append(Timestamp hour, std::span<const NamedChunk> chunks) override {
    if (!keeps) return fail(Errc::unavailable, "the disk of the archive is full");
    for (const NamedChunk& chunk : chunks) {
      keys.insert(std::string(chunk.key));
      samples += decode_chunk(chunk.body, PointId{}).value().size();
    }
    last_hour = hour;
    return {};
  }
  bool keeps = false;
  std::set<std::string> keys;
  std::size_t samples = 0;
  Timestamp last_hour{};
};

class UpkeepTest : public ::testing::Test {
 protected:
  UpkeepTest() { reopen(); }

  void reopen() { store_ = historian_on(engine_.open(), plant_); }

  void write(std::vector<Sample> samples) {
    Batch batch{"test", ++seq_, std::move(samples), {}, {}, {}};
    ASSERT_TRUE(store_->write_batch(batch));
  }
  void write_nothing(int batches) {
    for (int i = 0; i < batches; ++i) write({});
  }

  UpkeepReport keep_up(std::int64_t now, const RetentionRules& rules = {}) {
    UpkeepReport sum;
    for (int step = 0; step < 1000; ++step) {
      const UpkeepReport report = store_->upkeep(at(now), rules).value();
      sum.chunks_written += report.chunks_written;
      sum.chunks_removed += report.chunks_removed;
      if (!report.more) return sum;
    }
    ADD_FAILURE() << "upkeep does not come to an end";
    return sum;
  }

  std::size_t samples_of(std::uint32_t point, std::int64_t from, std::int64_t to) {
    const RawQuery query{.points = {PointId{point}}, .from = at(from), .to = at(to)};
    return store_->read_raw(query).value().series.at(0).samples.size();
  }

  MemoryEngine engine_;
  Plant plant_ = suite_plant();
  std::unique_ptr<Historian> store_;
  std::uint64_t seq_ = 0;
};

TEST_F(UpkeepTest, a_full_hour_becomes_one_chunk_a_point) {
  write(every_second(0, to_hour, 3600));
  write(every_second(1, to_hour, 100));
  write({sample(0, to_hour + hour_ms, 1)});
  write_nothing(2);

  EXPECT_EQ(keep_up(to_hour + hour_ms + 600'000).chunks_written, 2u);

  EXPECT_EQ(engine_.content().chunks.size(), 2u);
  EXPECT_EQ(engine_.content().hot.size(), 1u);
  EXPECT_EQ(samples_of(0, 0, day_ms), 3601u);
}

TEST_F(UpkeepTest, an_hour_waits_for_late_batches_and_for_newer_samples) {
  write(every_second(0, to_hour, 10));
  EXPECT_EQ(keep_up(to_hour + day_ms).chunks_written, 0u) << "no newer hour has samples";

  write({sample(0, to_hour + hour_ms, 1)});
  write_nothing(2);
  EXPECT_EQ(keep_up(to_hour + hour_ms + 599'999).chunks_written, 0u) << "ended too short ago";
  EXPECT_EQ(keep_up(to_hour + hour_ms + 600'000).chunks_written, 1u);
}

TEST_F(UpkeepTest, late_samples_join_the_chunk_when_no_more_of_them_come) {
  write(every_second(0, to_hour, 10));
  write({sample(0, to_hour + 3 * hour_ms, 1)});
  reopen();
  keep_up(to_hour + 4 * hour_ms);

  write({sample(0, to_hour + 500, 8), sample(0, to_hour + 3000, 9)});
  EXPECT_EQ(keep_up(to_hour + 4 * hour_ms).chunks_written, 0u);
  EXPECT_EQ(samples_of(0, 0, 2 * hour_ms), 11u);
  write_nothing(30);

  EXPECT_EQ(keep_up(to_hour + 4 * hour_ms).chunks_written, 1u);
  EXPECT_EQ(samples_of(0, 0, 2 * hour_ms), 11u);
  EXPECT_EQ(samples_of(0, to_hour + 3000, to_hour + 3001), 1u);
}

TEST_F(UpkeepTest, hours_that_a_fast_replay_left_behind_do_not_wait_long) {
  write({sample(0, to_hour, 1)});
  keep_up(to_hour);
  write({sample(0, to_hour + hour_ms, 1), sample(0, to_hour + 5 * hour_ms, 1)});
  keep_up(to_hour + 5 * hour_ms);
  write({sample(0, to_hour + 9 * hour_ms, 1)});

  EXPECT_EQ(keep_up(to_hour + 9 * hour_ms).chunks_written, 1u) << "hour 0";
  write({sample(0, to_hour + 14 * hour_ms, 1)});
  EXPECT_EQ(keep_up(to_hour + 14 * hour_ms).chunks_written, 2u) << "hours 1 and 5";
}

TEST_F(UpkeepTest, an_hour_that_was_late_when_it_came_waits_for_thirty_batches) {
  write({sample(0, to_hour + 3 * hour_ms, 1)});
  keep_up(to_hour + 3 * hour_ms);
  write({sample(0, to_hour, 1)});
  write_nothing(2);
  EXPECT_EQ(keep_up(to_hour + 4 * hour_ms).chunks_written, 0u);
  write_nothing(27);
  EXPECT_EQ(keep_up(to_hour + 4 * hour_ms).chunks_written, 0u);
  write_nothing(1);
  EXPECT_EQ(keep_up(to_hour + 4 * hour_ms).chunks_written, 1u);
}

TEST_F(UpkeepTest, a_large_hour_is_folded_in_several_steps) {
  std::vector<Sample> all;
  for (std::uint32_t point = 0; point < 3; ++point) {
    for (int i = 0; i < 45'000; ++i) all.push_back(sample(point, to_hour + i * 80, i));
  }
  write(all);
  write({sample(0, to_hour + hour_ms, 1)});
  write_nothing(2);

  EXPECT_EQ(store_->upkeep(at(to_hour + 2 * hour_ms), {}).value().chunks_written, 1u);
  EXPECT_EQ(samples_of(0, to_hour, to_hour + hour_ms), 45'000u);
  EXPECT_EQ(keep_up(to_hour + 2 * hour_ms).chunks_written, 2u);
  EXPECT_EQ(samples_of(2, to_hour, to_hour + hour_ms), 45'000u);
}

TEST_F(UpkeepTest, a_part_that_comes_between_two_steps_is_not_lost) {
  std::vector<Sample> all;
  for (std::uint32_t point = 0; point < 3; ++point) {
    for (int i = 0; i < 45'000; ++i) all.push_back(sample(point, to_hour + i * 80, i));
  }
  write(all);
  write({sample(0, to_hour + hour_ms, 1)});
  write_nothing(2);
  ASSERT_TRUE(store_->upkeep(at(to_hour + 2 * hour_ms), {}).value().more);

  write({sample(0, to_hour + 41, 5), sample(2, to_hour + 41, 5)});
  write_nothing(30);
  keep_up(to_hour + 2 * hour_ms);

  EXPECT_EQ(samples_of(0, to_hour, to_hour + hour_ms), 45'001u);
  EXPECT_EQ(samples_of(2, to_hour, to_hour + hour_ms), 45'001u);
  EXPECT_EQ(engine_.content().hot.size(), 1u);
}

TEST_F(UpkeepTest, an_hour_with_more_samples_than_a_chunk_holds_is_whole) {
  std::vector<Sample> all;
  for (int i = 0; i < 400'000; ++i) all.push_back(sample(0, to_hour + i * 9, i % 10));
  write(all);
  write({sample(0, to_hour + hour_ms, 1)});
  write_nothing(2);

  EXPECT_EQ(keep_up(to_hour + 2 * hour_ms).chunks_written, 1u);

  const std::string body = engine_.content().chunks.begin()->second;
  EXPECT_EQ(chunks_in(body).value().size(), 2u);
  EXPECT_EQ(decode_hour(body, PointId{0}).value().size(), 400'000u);
}

TEST_F(UpkeepTest, old_raw_samples_go_and_the_statistics_stay) {
  write(every_second(0, to_hour, 100));
  write({sample(0, to_hour + 3 * day_ms, 1)});
  reopen();
  const StatisticsQuery query = days_of(0, to_hour, to_hour + day_ms);
  const auto before = store_->statistics(query).value().series[0].buckets[0];

  const auto report = keep_up(to_hour + 3 * day_ms, {.raw = std::chrono::days{2}});

  EXPECT_EQ(report.chunks_removed, 1u);
  EXPECT_EQ(samples_of(0, 0, day_ms), 0u);
  EXPECT_EQ(samples_of(0, 0, 4 * day_ms), 1u);
  EXPECT_EQ(store_->statistics(query).value().series[0].buckets[0].count, before.count);
  EXPECT_EQ(store_->extent().value()->first, at(to_hour));
}

TEST_F(UpkeepTest, the_value_before_a_range_is_known_though_its_sample_is_gone) {
  write({sample(0, to_hour, 5), sample(0, to_hour + 10, 6)});
  write({sample(0, to_hour + 5 * day_ms, 1)});
  reopen();

  keep_up(to_hour + 5 * day_ms, {.raw = std::chrono::days{2}});

  const RawQuery query{
      .points = {PointId{0}}, .from = at(to_hour + 3 * day_ms), .to = at(to_hour + 4 * day_ms)};
  EXPECT_EQ(store_->read_raw(query).value().series[0].before, sample(0, to_hour + 10, 6));
}

TEST_F(UpkeepTest, a_clock_that_runs_ahead_removes_nothing) {
  write(every_second(0, to_hour, 10));
  write({sample(0, to_hour + 2 * hour_ms, 1)});
  reopen();

  const auto report = keep_up(to_hour + 365 * day_ms, {.raw = std::chrono::days{2}});

  EXPECT_EQ(report.chunks_removed, 0u);
}

TEST_F(UpkeepTest, a_late_sample_widens_an_hour_of_which_the_raw_samples_are_gone) {
  write({sample(0, to_hour, 5), sample(0, to_hour + 60'000, 7)});
  write({sample(0, to_hour + 5 * day_ms, 1)});
  reopen();
  keep_up(to_hour + 5 * day_ms, {.raw = std::chrono::days{2}});

  write({sample(0, to_hour + 30'000, 9)});

  const auto day = store_->statistics(days_of(0, to_hour, to_hour + 1)).value();
  const StatisticsBucket& bucket = day.series[0].buckets[0];
  EXPECT_EQ(bucket.count, 3u);
  EXPECT_EQ(bucket.sum, 21.0);
  EXPECT_EQ(bucket.min, 5.0);
  EXPECT_EQ(bucket.max, 9.0);
  EXPECT_EQ(bucket.first, 5.0);
  EXPECT_EQ(bucket.last, 7.0);
}

TEST_F(UpkeepTest, nothing_is_removed_before_the_archive_has_it) {
  write(every_second(0, to_hour, 100));
  write(every_second(2, to_hour + hour_ms, 50));
  write({sample(0, to_hour + 3 * day_ms, 1)});
  reopen();
  Shelf shelf;
  const RetentionRules rules{.raw = std::chrono::days{2}, .archive = &shelf};
  keep_up(to_hour + 3 * day_ms);
  EXPECT_EQ(store_->upkeep(at(to_hour + 3 * day_ms), rules).error().code, Errc::unavailable);
  EXPECT_EQ(samples_of(0, 0, day_ms), 100u);

  shelf.keeps = true;
  EXPECT_EQ(keep_up(to_hour + 3 * day_ms, rules).chunks_removed, 2u);

  EXPECT_EQ(shelf.samples, 150u);
  EXPECT_EQ(shelf.keys, (std::set<std::string>{"conveyor.power_kw", "station1.power_kw"}));
  EXPECT_EQ(shelf.last_hour, at(to_hour + hour_ms));
}

TEST_F(UpkeepTest, minutes_go_after_their_time_and_hours_stay) {
  write(every_second(0, to_hour, 100));
  write({sample(0, to_hour + 3 * day_ms, 1)});
  reopen();

  RetentionRules rules;
  rules.minutes = std::chrono::days{2};
  keep_up(to_hour + 3 * day_ms, rules);

  StatisticsQuery minutes = days_of(0, to_hour, to_hour + hour_ms);
  minutes.interval = Interval::minute;
  EXPECT_EQ(store_->statistics(minutes).value().series[0].buckets[0].count, 0u);
  EXPECT_EQ(store_->statistics(days_of(0, to_hour, to_hour + 1)).value().series[0].buckets[0].count,
            100u);
}

TEST_F(UpkeepTest, nobody_is_given_minutes_that_are_gone_unless_they_ask_for_them) {
  write(every_second(0, to_hour, 100));
  write({sample(0, to_hour + 401 * day_ms, 1)});
  StatisticsQuery any = days_of(0, to_hour, to_hour + hour_ms);
  any.interval.reset();

  EXPECT_EQ(store_->statistics(any).value().interval, Interval::quarter);
  any.from = at(to_hour + 401 * day_ms - hour_ms);
  any.to = at(to_hour + 401 * day_ms);
  EXPECT_EQ(store_->statistics(any).value().interval, Interval::minute);
}

}  // namespace
}  // namespace wl::storage
