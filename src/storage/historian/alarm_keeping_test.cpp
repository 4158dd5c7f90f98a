// Alarms of a batch, and what a restart and retention make of them, on every engine.
#include <cmath>

#include "storage/historian/alarm_keeper.hpp"
#include "storage/historian/testing/historian_suite.hpp"
#include "storage/testing/alarm_samples.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Rows and one line of the journal for each.
Batch alarm_batch(std::uint64_t seq, std::vector<AlarmRow> rows) {
  Batch batch;
  batch.source = "test";
  batch.seq = seq;
  for (const AlarmRow& row : rows) batch.alarm_journal.push_back(journal_row(row.id, 1, "raise"));
  batch.alarms = std::move(rows);
  return batch;
}

Plant plant_of(std::initializer_list<const char*> points) {
  Plant plant;
  for (const std::string key : points) {
    const std::string device = key.substr(0, key.find('.'));
    plant.devices.push_back({.id = device, .name = {}, .description = {}, .type = "line"});
    plant.points.push_back(point_spec(device, key.substr(device.size() + 1),
                                      static_cast<std::uint32_t>(plant.devices.size() - 1)));
  }
  return plant;
}

std::vector<std::string> levels(const std::vector<ThresholdRow>& rows) {
  std::vector<std::string> all;
  for (const ThresholdRow& row : rows) all.push_back(row.parameter_name + " " + row.alarm_level);
  return all;
}

TEST_P(HistorianSuite, alarms_and_their_journal_are_stored_with_their_batch_and_once) {
  AlarmKeeper keeper(engine_->open());
  AlarmRow later = alarm_row(1);
  later.state = alarm_state::active_acked;

  ASSERT_TRUE(store_->write_batch(alarm_batch(1, {alarm_row(1), later, alarm_row(2)})));
  ASSERT_TRUE(store_->write_batch(alarm_batch(1, {alarm_row(1), alarm_row(3)})));

  EXPECT_EQ(keeper.alarm(1).value(), later);
  EXPECT_EQ(keeper.alarms({})->statistics.total, 2u);
  EXPECT_THAT(keeper.journal(1, 9).value(), SizeIs(2));
  EXPECT_EQ(store_->last_alarm_id().value(), 2u);
}

TEST_P(HistorianSuite, an_alarm_without_an_id_is_refused_with_the_whole_batch) {
  const auto written = store_->write_batch(alarm_batch(1, {alarm_row(1), alarm_row(0)}));

  EXPECT_EQ(written.error().code, Errc::invalid_argument);
  EXPECT_EQ(store_->last_alarm_id().value(), 0u);
}

TEST_P(HistorianSuite, a_restart_gets_every_open_row_and_of_those_that_ended_the_newest) {
  AlarmRow other = alarm_row(2);
  other.key = "link_lost";
  AlarmRow first = ended_alarm(4), last = ended_alarm(5);
  first.key = last.key = "plc_down";
  ASSERT_TRUE(
      store_->write_batch(alarm_batch(1, {alarm_row(1), other, alarm_row(3), first, last})));

  EXPECT_THAT(store_->open_alarms(alarm_time(99)).value(),
              ElementsAre(alarm_row(1), other, alarm_row(3)));
  EXPECT_THAT(store_->open_alarms(alarm_time(0)).value(),
              ElementsAre(alarm_row(1), other, alarm_row(3), last));
}

TEST_P(HistorianSuite, alarms_that_ended_long_ago_leave_with_their_journal) {
  AlarmKeeper keeper(engine_->open());
  ASSERT_TRUE(store_->write_batch(alarm_batch(1, {ended_alarm(1), alarm_row(2), ended_alarm(3)})));
  write(2, {sample(0, 800 * 86'400'000LL, 1)});

  keep_up(at(800 * 86'400'000LL), {.raw = {}, .alarms = std::chrono::days{799}});
  EXPECT_EQ(keeper.alarms({})->statistics.total, 2u) << "the oldest went";
  EXPECT_THAT(keeper.journal(1, 9).value(), IsEmpty());
  EXPECT_EQ(store_->last_alarm_id().value(), 3u);
}

TEST_P(HistorianSuite, a_page_of_alarms_comes_with_statistics_of_the_whole_filter) {
  AlarmKeeper keeper(engine_->open());
  AlarmRow station = alarm_row(2);
  station.device_id = "station1";
  station.alarm_level = "warning";
  ASSERT_TRUE(store_->write_batch(alarm_batch(1, {alarm_row(1), station, alarm_row(3)})));

  const AlarmPage page = keeper.alarms({.filter = {}, .offset = 0, .limit = 1}).value();

  EXPECT_THAT(page.alarms, ElementsAre(alarm_row(3)));
  EXPECT_EQ(page.statistics.total, 3u);
  EXPECT_EQ(page.statistics.by_level.at("critical"), 2u);
  EXPECT_EQ(page.statistics.by_device.at("station1"), 1u);
}

TEST_P(HistorianSuite, a_threshold_is_changed_only_by_who_saw_it_as_it_is) {
  AlarmKeeper keeper(engine_->open());
  ThresholdRow seen = keeper.add_threshold(threshold_row()).value();
  EXPECT_EQ(seen.version, 1);
  seen.threshold_value = 3.5;
  const ThresholdRow changed = keeper.change_threshold(seen).value();

  const auto late = keeper.change_threshold(seen);
  const auto remove = keeper.remove_threshold(seen.id, 1);

  EXPECT_EQ(changed.version, 2);
  EXPECT_EQ(keeper.threshold(seen.id).value(), changed);
  EXPECT_EQ(late.error().code, Errc::conflict);
  EXPECT_THAT(late.error().what, HasSubstr("by admin"));
  EXPECT_EQ(remove.error().code, Errc::conflict);
  EXPECT_EQ(store_->rules().value(), std::vector{changed});
}

TEST_P(HistorianSuite, a_threshold_that_is_not_there_is_not_found) {
  AlarmKeeper keeper(engine_->open());
  ThresholdRow row = threshold_row();
  row.id = 5;

  EXPECT_EQ(keeper.threshold(5).value(), std::nullopt);
  EXPECT_EQ(keeper.change_threshold(row).error().code, Errc::not_found);
  EXPECT_EQ(keeper.remove_threshold(5, std::nullopt).error().code, Errc::not_found);
}

TEST_P(HistorianSuite, two_thresholds_are_not_the_same_rule) {
  AlarmKeeper keeper(engine_->open());
  const ThresholdRow warning = keeper.add_threshold(threshold_row("warning")).value();
  ThresholdRow critical = keeper.add_threshold(threshold_row("critical")).value();
  critical.alarm_level = "warning";

  EXPECT_EQ(keeper.add_threshold(threshold_row("warning")).error().code, Errc::conflict);
  EXPECT_THAT(keeper.change_threshold(critical).error().what,
              HasSubstr("threshold " + std::to_string(warning.id)));
  EXPECT_TRUE(keeper.remove_threshold(warning.id, warning.version));
  EXPECT_TRUE(keeper.change_threshold(critical));
}

TEST_P(HistorianSuite, a_threshold_with_a_value_that_is_no_number_is_refused) {
  AlarmKeeper keeper(engine_->open());
  ThresholdRow row = threshold_row();
  row.hysteresis = std::nan("");

  EXPECT_EQ(keeper.add_threshold(row).error().code, Errc::invalid_argument);
}

TEST_P(HistorianSuite, default_thresholds_are_given_once_and_those_of_new_points_later) {
  AlarmKeeper keeper(engine_->open());
  const Plant small = plant_of({"reject.power_kw", "total.power_kw"});
  const Plant grown = plant_of({"reject.power_kw", "total.power_kw", "total.energy_kwh_day"});

  EXPECT_EQ(keeper.add_default_thresholds(small, alarm_time(1)).value(), 3u);
  const ThresholdRow removed = keeper.thresholds()->front();
  ASSERT_TRUE(keeper.remove_threshold(removed.id, std::nullopt));

  EXPECT_EQ(keeper.add_default_thresholds(small, alarm_time(2)).value(), 0u);
  EXPECT_EQ(keeper.add_default_thresholds(grown, alarm_time(3)).value(), 2u);
  EXPECT_EQ(removed.threshold_value, 1.5);
  EXPECT_THAT(levels(keeper.thresholds().value()),
              ElementsAre("energy_kwh_day critical", "energy_kwh_day warning", "power_kw critical",
                          "power_kw warning"));
}

TEST_P(HistorianSuite, a_threshold_that_somebody_made_is_no_default_and_stays) {
  AlarmKeeper keeper(engine_->open());
  const ThresholdRow mine = keeper.add_threshold(threshold_row("warning")).value();

  EXPECT_EQ(keeper.add_default_thresholds(plant_of({"conveyor.power_kw"}), alarm_time(1)).value(),
            1u);
  EXPECT_EQ(keeper.threshold(mine.id).value(), mine);
}

}  // namespace
}  // namespace wl::storage
