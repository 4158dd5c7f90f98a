// Clocks that are wrong, and times far from ours: written, folded, kept, read.
#include "storage/historian/batch_runs.hpp"
#include "storage/historian/testing/historian_suite.hpp"
#include "storage/historian/testing/plain_history.hpp"
#include "storage/sqlite/scratch_engine.hpp"

namespace wl::storage {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Timestamp time_of(std::string_view text) {
  return parse_iso8601(text).value();
}

Sample sample_at(Timestamp time, double value) {
  return {.point = PointId{0}, .value = value, .quality = quality::good, .source_time = time};
}

/// Every minute, `count` times.
std::vector<Sample> minutes_from(Timestamp time, int count) {
  std::vector<Sample> samples;
  for (int i = 0; i < count; ++i) {
    samples.push_back(sample_at(time + std::chrono::minutes{i}, i % 7));
  }
  return samples;
}

/// Half an hour of samples under one sequence number, proven alive.
Batch half_hour(std::uint64_t seq, Timestamp from) {
  return {.source = "test",
          .seq = seq,
          .samples = minutes_from(from, 30),
          .intervals = {{from, from + std::chrono::minutes{30}, true, ""}},
          .ledger = {},
          .ledger_state = {}};
}

std::vector<std::string> texts_of(const std::vector<StatisticsBucket>& buckets) {
  std::vector<std::string> texts;
  for (const StatisticsBucket& bucket : buckets) texts.push_back(text_of(bucket));
  return texts;
}

std::size_t count_in(Store& store, Timestamp from, Timestamp to) {
  return store.read_raw({.points = {PointId{0}}, .from = from, .to = to})
      .value()
      .series[0]
      .samples.size();
}

std::vector<StatisticsBucket> days_in(Store& store, Timestamp from, Timestamp to) {
  const StatisticsQuery query{
      .points = {PointId{0}}, .from = from, .to = to, .interval = Interval::day};
  return store.statistics(query).value().series[0].buckets;
}

class Clocks : public HistorianSuite {
 protected:
  Clocks() { restart(); }
  /// After it every hour is quiet: nothing keeps upkeep from folding it.
  void restart() { store_ = historian_on(engine_->open(), plant_, "Europe/Berlin"); }
};

INSTANTIATE_TEST_SUITE_P(memory, Clocks, ::testing::Values(make_memory_engine));
INSTANTIATE_TEST_SUITE_P(sqlite, Clocks, ::testing::Values(make_scratch_sqlite));

TEST_P(Clocks, one_that_steps_back_an_hour_loses_nothing_and_counts_nothing_twice) {
  PlainHistory plain;
  const Timestamp start = time_of("2026-11-20T10:00");
  // On, on, an hour back, over what was written already, and on again.
  const int starts[] = {0, 30, -30, 0, 30, 60};
  std::uint64_t seq = 0;
  for (const int minutes : starts) {
    const Batch batch = half_hour(++seq, start + std::chrono::minutes{minutes});
    ASSERT_TRUE(store_->write_batch(batch));
    plain.write(batch);
  }
  restart();
  keep_up(start + std::chrono::hours{100});
  const Timestamp from = start - std::chrono::hours{1};
  const Timestamp to = start + std::chrono::hours{2};
  const StatisticsQuery query{
      .points = {PointId{0}}, .from = from, .to = to, .interval = Interval::quarter};
  const auto edges =
      Calendar::of("Europe/Berlin").value().edges(Interval::quarter, from, to, 99).value();

  EXPECT_EQ(
      store_->read_raw({.points = {PointId{0}}, .from = from, .to = to}).value().series[0].samples,
      plain.range(PointId{0}, from, to));
  EXPECT_EQ(texts_of(store_->statistics(query).value().series[0].buckets),
            texts_of(plain.statistics(PointId{0}, Tier::quarter, edges)));
  EXPECT_EQ(store_->latest().value()[0].source_time, start + std::chrono::minutes{89});
}

TEST_P(Clocks, a_clock_of_1970_is_kept_folded_and_counted_in_its_day) {
  const Timestamp epoch{};
  write(1, minutes_from(epoch - std::chrono::minutes{2}, 5));
  write(2, {sample_at(time_of("2026-11-20T10:00"), 9)});
  write(3, {sample_at(time_of("2026-11-20T12:00"), 9)});
  restart();
  const UpkeepReport folded = keep_up(time_of("2026-11-20T14:00"));

  const auto days = days_in(*store_, epoch, epoch + std::chrono::hours{1});
  EXPECT_EQ(folded.chunks_written, 3u);  // Two hours around 1970 and that of 10:00.
  ASSERT_THAT(days, SizeIs(1));
  EXPECT_EQ(days[0].from, epoch - std::chrono::hours{1}) << "Berlin was an hour ahead";
  EXPECT_EQ(days[0].count, 5u);
  EXPECT_EQ(store_->extent().value()->first, epoch - std::chrono::minutes{2});
  EXPECT_EQ(store_->latest().value()[0].source_time, time_of("2026-11-20T12:00"));
}

TEST_P(Clocks, the_second_in_which_32_bits_end_is_as_any_other) {
  const Timestamp end = from_unix_ms(2'147'483'648'000);  // 2038-01-19T03:14:08Z
  write(1, minutes_from(end - std::chrono::minutes{30}, 60));
  write(2, minutes_from(end + std::chrono::hours{2}, 60));
  restart();
  EXPECT_GT(keep_up(end + std::chrono::hours{9}).chunks_written, 0u);

  EXPECT_EQ(count_in(*store_, end - std::chrono::hours{1}, end + std::chrono::hours{4}), 120u);
  const auto days = days_in(*store_, end, end + Milliseconds{1});
  ASSERT_THAT(days, SizeIs(1));
  EXPECT_EQ(days[0].from, time_of("2038-01-18T23:00"));
  EXPECT_EQ(days[0].to, time_of("2038-01-19T23:00"));
  EXPECT_EQ(days[0].count, 120u);
}

TEST_P(Clocks, samples_of_the_year_2200_are_kept_and_the_present_goes_on) {
  const Timestamp now = time_of("2026-11-20T10:00");
  const Timestamp future = time_of("2200-07-01T12:00");
  const RetentionRules month{.raw = std::chrono::days{30}};
  write(1, minutes_from(now - std::chrono::days{40}, 30));
  write(2, minutes_from(now - std::chrono::days{1}, 30));
  write(3, minutes_from(future, 30));
  write(4, minutes_from(now, 30));
  restart();
  keep_up(now + std::chrono::hours{3}, month);

  EXPECT_EQ(count_in(*store_, future, future + std::chrono::hours{1}), 30u);
  EXPECT_EQ(count_in(*store_, now - std::chrono::days{2}, now + std::chrono::hours{1}), 60u);
  EXPECT_EQ(count_in(*store_, now - std::chrono::days{50}, now - std::chrono::days{31}), 0u)
      << "retention counts from now, not from 2200";
  const auto days = days_in(*store_, future, future + Milliseconds{1});
  ASSERT_THAT(days, SizeIs(1));
  EXPECT_EQ(days[0].from, time_of("2200-06-30T23:00"));
  EXPECT_EQ(days[0].count, 30u);
  EXPECT_EQ(store_->extent().value()->second, future + std::chrono::minutes{29});
}

TEST_P(Clocks, the_farthest_time_is_stored_and_one_beyond_it_is_refused_with_the_point) {
  const Timestamp last{farthest_time};
  write(1, {sample_at(-farthest_time + Timestamp{}, 1), sample_at(last, 2)});
  write(2, {sample_at(time_of("2026-11-20T10:00"), 3)});
  Batch beyond{"test", 3, {sample_at(last + Milliseconds{1}, 4)}, {}, {}, {}};

  const auto refused = store_->write_batch(beyond);
  restart();
  keep_up(time_of("2026-11-20T14:00"));

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
  EXPECT_THAT(refused.error().what,
              AllOf(HasSubstr("point 0"), HasSubstr("impossible source time")));
  EXPECT_EQ(count_in(*store_, last - Milliseconds{1}, last), 0u);
  EXPECT_EQ(store_->latest().value()[0].source_time, last);
  EXPECT_EQ(store_->extent().value()->first, Timestamp{-farthest_time});
  EXPECT_EQ(days_in(*store_, time_of("2026-11-20"), time_of("2026-11-20T12:00"))[0].count, 1u);
  EXPECT_EQ(store_
                ->statistics({.points = {PointId{0}},
                              .from = last - std::chrono::hours{1},
                              .to = last,
                              .interval = Interval::day})
                .error()
                .code,
            Errc::invalid_argument);
}

}  // namespace
}  // namespace wl::storage
