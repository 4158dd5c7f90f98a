// What every engine must do with the rows of alarms, their journal and thresholds.
#include <cmath>
#include <limits>

#include "storage/testing/alarm_samples.hpp"
#include "storage/testing/tables_contract.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

std::vector<std::uint64_t> ids(const std::vector<AlarmRow>& rows) {
  std::vector<std::uint64_t> all;
  for (const AlarmRow& row : rows) all.push_back(row.id);
  return all;
}

std::vector<std::string> events(const std::vector<AlarmJournalRow>& rows) {
  std::vector<std::string> all;
  for (const AlarmJournalRow& row : rows) all.push_back(row.event);
  return all;
}

/// 1 to 4: two devices, two levels, one acknowledged, one shelved.
std::vector<AlarmRow> mixed() {
  std::vector<AlarmRow> rows{alarm_row(1), alarm_row(2), ended_alarm(3), alarm_row(4)};
  rows[1].device_id = "station1";
  rows[1].alarm_level = "warning";
  rows[3].state = alarm_state::shelved;
  return rows;
}

AlarmQuery query_of(AlarmFilter filter, std::size_t offset = 0, std::size_t limit = 100) {
  return {.filter = std::move(filter), .offset = offset, .limit = limit};
}

TEST_P(TablesContract, an_alarm_comes_back_with_every_column) {
  write([&] { tables_->alarms().put_alarms(std::vector{alarm_row(7)}); });
  write([&] { tables_->alarms().put_alarms(std::vector{full_alarm(7), alarm_row(8)}); });

  EXPECT_EQ(tables_->alarms().alarm(7), full_alarm(7));
  EXPECT_EQ(tables_->alarms().alarm(8), alarm_row(8));
  EXPECT_EQ(tables_->alarms().alarm(9), std::nullopt);
  EXPECT_EQ(tables_->alarms().last_alarm_id(), 8u);
}

TEST_P(TablesContract, an_alarm_value_that_is_no_number_does_not_stop_the_batch) {
  AlarmRow row = alarm_row(1);
  row.actual_value = std::numeric_limits<double>::quiet_NaN();
  row.threshold_value = -std::numeric_limits<double>::infinity();

  write([&] { tables_->alarms().put_alarms(std::vector{row}); });

  EXPECT_FALSE(std::isfinite(tables_->alarms().alarm(1)->actual_value));
  EXPECT_FALSE(std::isfinite(tables_->alarms().alarm(1)->threshold_value));
}

TEST_P(TablesContract, without_alarms_there_is_no_last_one) {
  EXPECT_EQ(tables_->alarms().last_alarm_id(), 0u);
  EXPECT_THAT(tables_->alarms().alarms({}), IsEmpty());
  EXPECT_THAT(tables_->alarms().alarm_counts({}), IsEmpty());
}

TEST_P(TablesContract, alarms_come_newest_first_a_page_at_a_time) {
  std::vector<AlarmRow> rows = mixed();
  rows[3].timestamp = rows[0].timestamp;  // The clock was set back: by time, then by id.
  write([&] { tables_->alarms().put_alarms(rows); });

  EXPECT_THAT(ids(tables_->alarms().alarms({})), ElementsAre(3, 2, 4, 1));
  EXPECT_THAT(ids(tables_->alarms().alarms(query_of({}, 1, 2))), ElementsAre(2, 4));
  EXPECT_THAT(ids(tables_->alarms().alarms(query_of({}, 9, 2))), IsEmpty());
}

TEST_P(TablesContract, alarms_are_filtered_by_what_a_person_asks_for) {
  write([&] { tables_->alarms().put_alarms(mixed()); });
  const auto found = [&](AlarmFilter filter) {
    return ids(tables_->alarms().alarms(query_of(std::move(filter))));
  };

  EXPECT_THAT(found({.device_id = "station1"}), ElementsAre(2));
  EXPECT_THAT(found({.alarm_level = "critical"}), ElementsAre(4, 3, 1));
  EXPECT_THAT(found({.acknowledged = true}), ElementsAre(3));
  EXPECT_THAT(found({.acknowledged = false}), ElementsAre(4, 2, 1));
  EXPECT_THAT(found({.states = {"shelved", "normal"}}), ElementsAre(4, 3));
  EXPECT_THAT(found({.states = {"x' OR '1'='1"}}), IsEmpty());
  EXPECT_THAT(found({.device_id = "x' OR '1'='1"}), IsEmpty());
  EXPECT_THAT(found({.from = alarm_time(2), .to = alarm_time(4)}), ElementsAre(3, 2));
  EXPECT_THAT(found({.device_id = "conveyor", .acknowledged = false, .states = {"shelved"}}),
              ElementsAre(4));
}

TEST_P(TablesContract, alarms_of_a_filter_are_counted_by_level_and_device) {
  write([&] { tables_->alarms().put_alarms(mixed()); });
  const auto count = [](std::string level, std::string device, std::uint64_t alarms) {
    return ::testing::AllOf(::testing::Field(&AlarmCount::alarm_level, std::move(level)),
                            ::testing::Field(&AlarmCount::device_id, std::move(device)),
                            ::testing::Field(&AlarmCount::alarms, alarms));
  };

  EXPECT_THAT(
      tables_->alarms().alarm_counts({}),
      UnorderedElementsAre(count("critical", "conveyor", 3), count("warning", "station1", 1)));
  EXPECT_THAT(tables_->alarms().alarm_counts({.acknowledged = true}),
              ElementsAre(count("critical", "conveyor", 1)));
}

TEST_P(TablesContract, open_alarms_are_those_that_a_restart_must_know) {
  std::vector<AlarmRow> rows = mixed();
  rows.push_back(ended_alarm(9));
  write([&] { tables_->alarms().put_alarms(rows); });

  EXPECT_THAT(ids(tables_->alarms().open_alarms(alarm_time(9))), ElementsAre(1, 2, 4, 9));
  EXPECT_THAT(ids(tables_->alarms().open_alarms(alarm_time(10))), ElementsAre(1, 2, 4));
}

TEST_P(TablesContract, old_alarms_leave_when_they_ended_and_the_newest_row_stays) {
  std::vector<AlarmRow> rows{ended_alarm(1), alarm_row(2), ended_alarm(3), ended_alarm(4),
                             ended_alarm(5)};
  rows[2].cleared_at = alarm_time(900);
  rows[3].acknowledged_at = alarm_time(900);
  write([&] { tables_->alarms().put_alarms(rows); });

  EXPECT_EQ(write([&] { return tables_->alarms().drop_alarms(alarm_time(100), 9); }), 1u);
  EXPECT_THAT(ids(tables_->alarms().alarms({})), ElementsAre(5, 4, 3, 2));
  EXPECT_EQ(write([&] { return tables_->alarms().drop_alarms(alarm_time(1000), 1); }), 1u);
  EXPECT_EQ(write([&] { return tables_->alarms().drop_alarms(alarm_time(1000), 9); }), 1u);
  EXPECT_EQ(write([&] { return tables_->alarms().drop_alarms(alarm_time(1000), 9); }), 0u);
  EXPECT_THAT(ids(tables_->alarms().alarms({})), ElementsAre(5, 2));
}

TEST_P(TablesContract, the_journal_keeps_the_order_in_which_things_happened) {
  AlarmTables& alarms = tables_->alarms();
  write([&] {
    alarms.append_journal(1, std::vector{journal_row(7, 1, "raise"), journal_row(8, 2, "raise"),
                                         journal_row(7, 3, "acknowledge")});
  });
  write([&] { alarms.append_journal(2, std::vector{journal_row(7, 1, "clear")}); });

  EXPECT_THAT(events(alarms.journal(7, 9)), ElementsAre("raise", "acknowledge", "clear"));
  EXPECT_THAT(events(alarms.journal(7, 2)), ElementsAre("raise", "acknowledge"));
  EXPECT_EQ(alarms.journal(8, 9).front(), journal_row(8, 2, "raise"));
  EXPECT_THAT(alarms.journal(9, 9), IsEmpty());
}

TEST_P(TablesContract, old_lines_of_the_journal_leave) {
  AlarmTables& alarms = tables_->alarms();
  write([&] {
    alarms.append_journal(
        1, std::vector{journal_row(7, 1, "a"), journal_row(7, 2, "b"), journal_row(7, 3, "c")});
  });

  EXPECT_EQ(write([&] { return alarms.drop_journal(alarm_time(3), 1); }), 1u);
  EXPECT_EQ(write([&] { return alarms.drop_journal(alarm_time(3), 9); }), 1u);
  EXPECT_EQ(write([&] { return alarms.drop_journal(alarm_time(3), 9); }), 0u);
  EXPECT_THAT(events(alarms.journal(7, 9)), ElementsAre("c"));
}

TEST_P(TablesContract, a_threshold_comes_back_with_every_column) {
  AlarmTables& alarms = tables_->alarms();
  ThresholdRow row = full_threshold();

  row.id = write([&] { return alarms.add_threshold(row); });

  EXPECT_THAT(alarms.thresholds(), ElementsAre(row));
}

TEST_P(TablesContract, thresholds_are_changed_and_removed_by_their_id) {
  AlarmTables& alarms = tables_->alarms();
  ThresholdRow first = threshold_row("warning");
  ThresholdRow second = threshold_row("critical");
  first.id = write([&] { return alarms.add_threshold(first); });
  second.id = write([&] { return alarms.add_threshold(second); });

  first.threshold_value = 3.5;
  write([&] { alarms.put_threshold(first); });
  EXPECT_THAT(alarms.thresholds(), ElementsAre(second, first));
  write([&] { alarms.drop_threshold(second.id); });
  EXPECT_THAT(alarms.thresholds(), ElementsAre(first));
}

TEST_P(TablesContract, the_id_of_a_removed_threshold_is_not_given_again) {
  AlarmTables& alarms = tables_->alarms();
  const std::int64_t first = write([&] { return alarms.add_threshold(threshold_row()); });
  write([&] { alarms.drop_threshold(first); });

  EXPECT_NE(write([&] { return alarms.add_threshold(threshold_row()); }), first);
}

}  // namespace
}  // namespace wl::storage
