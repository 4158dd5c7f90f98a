// What a Store promises, on every engine.
#include <cmath>
#include <limits>

#include "storage/historian/testing/historian_suite.hpp"
#include "storage/sqlite/scratch_engine.hpp"

namespace wl::storage {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(HistorianSuite);
INSTANTIATE_TEST_SUITE_P(memory, HistorianSuite, ::testing::Values(make_memory_engine));
INSTANTIATE_TEST_SUITE_P(sqlite, HistorianSuite, ::testing::Values(make_scratch_sqlite));

TEST_P(HistorianSuite, gives_back_what_was_written_in_time_order) {
  write(1, {sample(0, 100, 1.5), sample(1, 100, 0.1), sample(0, 200, 2.5)});

  const RawAnswer answer = read({0, 2}, 0, 1000);

  ASSERT_EQ(answer.series.size(), 2u);
  EXPECT_THAT(answer.series[0].samples, ElementsAre(sample(0, 100, 1.5), sample(0, 200, 2.5)));
  EXPECT_THAT(answer.series[1].samples, IsEmpty());
  EXPECT_FALSE(answer.cut);
  EXPECT_EQ(answer.complete_to, at(1000));
}

TEST_P(HistorianSuite, tells_the_value_that_was_held_at_the_start) {
  write(1, {sample(0, 100, 1), sample(0, 200, 2), sample(0, 300, 3)});

  const RawAnswer answer = read({0}, 300, 301);

  EXPECT_EQ(answer.series[0].before, sample(0, 200, 2));
  EXPECT_THAT(answer.series[0].samples, ElementsAre(sample(0, 300, 3)));
}

TEST_P(HistorianSuite, knows_a_value_that_is_held_for_a_year) {
  constexpr std::int64_t year = 31'536'000'000;
  write(1, {sample(0, 100, 1), sample(0, 200, 2)});
  write(2, {sample(1, year, 7)});
  keep_up(at(year + 7'200'000));

  EXPECT_EQ(read({0}, year, year + 1).series[0].before, sample(0, 200, 2));
}

TEST_P(HistorianSuite, keeps_the_whole_status_code) {
  write(1, {sample(0, 1, 7, quality::bad_no_communication)});

  EXPECT_THAT(read({0}, 0, 10).series[0].samples,
              ElementsAre(sample(0, 1, 7, quality::bad_no_communication)));
}

TEST_P(HistorianSuite, shows_a_number_that_is_none_as_bad_among_the_latest) {
  write(1, {sample(0, 1, std::numeric_limits<double>::quiet_NaN())});

  EXPECT_THAT(store_->latest().value(), ElementsAre(sample(0, 1, 0, quality::bad)));
  EXPECT_TRUE(std::isnan(read({0}, 0, 10).series[0].samples.at(0).value));
}

TEST_P(HistorianSuite, a_replayed_batch_is_a_success_and_changes_nothing) {
  write(7, {sample(0, 100, 1)}, {{at(0), at(50), true, ""}});

  write(7, {sample(0, 100, 99), sample(0, 101, 99)}, {{at(50), at(99), true, ""}});

  const RawAnswer answer = read({0}, 0, 1000);
  EXPECT_THAT(answer.series[0].samples, ElementsAre(sample(0, 100, 1)));
  EXPECT_THAT(answer.intervals, ElementsAre(LinkInterval{at(0), at(50), true, ""}));
}

TEST_P(HistorianSuite, the_same_seq_of_another_source_is_another_batch) {
  write(7, {sample(0, 100, 1)});

  ASSERT_TRUE(store_->write_batch({"other", 7, {sample(0, 200, 2)}, {}, {}, {}}));

  EXPECT_EQ(read({0}, 0, 1000).series[0].samples.size(), 2u);
  EXPECT_EQ(store_->last_seq("other"), 7u);
  EXPECT_EQ(store_->last_seq("nobody"), 0u);
}

TEST_P(HistorianSuite, latest_is_the_newest_by_source_time) {
  write(1, {sample(0, 100, 1), sample(0, 300, 3), sample(2, 50, 5)});
  write(2, {sample(0, 200, 2)});

  EXPECT_THAT(store_->latest().value(), ElementsAre(sample(0, 300, 3), sample(2, 50, 5)));
}

TEST_P(HistorianSuite, a_point_keeps_its_history_when_plant_json_is_reordered) {
  write(1, {sample(2, 100, 4)});
  std::swap(plant_.points[0], plant_.points[2]);

  reopen();

  EXPECT_THAT(read({0}, 0, 1000).series[0].samples, ElementsAre(sample(0, 100, 4)));
  EXPECT_THAT(read({2}, 0, 1000).series[0].samples, IsEmpty());
}

TEST_P(HistorianSuite, a_cut_answer_is_whole_up_to_the_time_it_names) {
  write(1, {sample(0, 1, 1), sample(0, 2, 2), sample(0, 3, 3), sample(0, 4, 4), sample(1, 2, 9),
            sample(1, 5, 9)});

  const RawAnswer first = read({0, 1}, 0, 100, 4);
  const RawAnswer rest = read({0, 1}, 4, 100, 4);

  EXPECT_TRUE(first.cut);
  EXPECT_EQ(first.complete_to, at(4));
  EXPECT_EQ(first.series[0].samples.size(), 3u);
  EXPECT_THAT(first.series[1].samples, ElementsAre(sample(1, 2, 9)));
  EXPECT_FALSE(rest.cut);
  EXPECT_THAT(rest.series[0].samples, ElementsAre(sample(0, 4, 4)));
  EXPECT_THAT(rest.series[1].samples, ElementsAre(sample(1, 5, 9)));
}

TEST_P(HistorianSuite, an_empty_database_has_no_extent_and_no_latest) {
  EXPECT_EQ(store_->extent().value(), std::nullopt);
  EXPECT_EQ(store_->covered_until().value(), std::nullopt);
  EXPECT_EQ(store_->ledger_state().value(), "");
  EXPECT_THAT(store_->latest().value(), IsEmpty());
  EXPECT_FALSE(store_->upkeep(at(0), {}).value().more);
}

TEST_P(HistorianSuite, the_extent_is_that_of_all_points_whenever_they_came) {
  write(1, {sample(0, 100, 1), sample(2, 900, 1)});
  write(2, {sample(1, 50, 1)});

  reopen();

  EXPECT_EQ(store_->extent().value(), std::pair(at(50), at(900)));
}

TEST_P(HistorianSuite, a_reader_in_another_connection_sees_each_commit) {
  const auto reader = historian_on(engine_->open(), plant_);
  EXPECT_THAT(reader->latest().value(), IsEmpty());

  write(1, {sample(0, 100, 1)});
  write(2, {sample(2, 100, 2)});

  EXPECT_THAT(reader->latest().value(), ElementsAre(sample(0, 100, 1), sample(2, 100, 2)));
}

TEST_P(HistorianSuite, a_sample_of_a_point_that_does_not_exist_is_refused_and_nothing_is_stored) {
  const auto written =
      store_->write_batch({"test", 1, {sample(0, 1, 1), sample(99, 1, 1)}, {}, {}, {}});

  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::invalid_argument);
  EXPECT_EQ(store_->extent().value(), std::nullopt);
}

TEST_P(HistorianSuite, the_later_of_two_samples_of_one_time_stays) {
  write(1, {sample(0, 100, 1), sample(0, 100, 2), sample(0, 200, 5)});
  write(2, {sample(0, 200, 6)});

  EXPECT_THAT(read({0}, 0, 1000).series[0].samples,
              ElementsAre(sample(0, 100, 2), sample(0, 200, 6)));
  EXPECT_THAT(store_->latest().value(), ElementsAre(sample(0, 200, 6)));
}

}  // namespace wl::storage
