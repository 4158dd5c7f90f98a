#include "collector/core.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Remembers what it was shown.
class Witness : public TickConsumer {
 public:
  void on_tick(const Tick& tick) override {
    times.push_back(tick.at);
    last.assign(tick.values.begin(), tick.values.end());
  }
  std::vector<Timestamp> times;
  std::vector<LiveValue> last;
};

class CoreTest : public testing::Test {
 protected:
  CoreTest() { core_.take_actions(); }

  static Delivery delivery(std::uint64_t token, std::int64_t ms, std::vector<PointChange> changes) {
    return {token, at(ms), std::move(changes)};
  }

  /// The record that is due at `ms`, taken out of the actions; nothing when none is.
  std::optional<Record> record_at(std::int64_t ms) {
    core_.on_time(now(ms));
    auto records = core_.take_actions().records;
    return records.empty() ? std::nullopt : std::optional(records.front());
  }

  CoreOptions options_{.pending_notifications = 3, .first_seq = 41, .covered_until = {}};
  const Plant plant_ = test_plant();
  Witness witness_;
  Core core_{plant_, options_, now(0), {&witness_}};
};

/// test_plant() with what `energy` has counted since midnight as its last point.
Plant plant_with_a_day() {
  Plant plant = test_plant();
  PointSpec day;
  day.key = "conveyor.energy_kwh_day";
  day.name = "energy_kwh_day";
  day.tag = "=day(energy_kwh)";
  day.high = 1e9;
  plant.points.push_back(day);
  return plant;
}

TEST(CoreDays, a_derived_point_is_shown_kept_and_remembered_with_its_counter) {
  const Plant plant = plant_with_a_day();
  DayCounters days(plant, [](Timestamp) { return LocalDay{at(0), at(86'400'000)}; });
  CoreOptions options{.covered_until = {}};
  options.days = &days;
  Core core(plant, options, now(0), {});
  core.on_alive(at(5));
  core.take_actions();

  core.on_delivery({1, at(100), {{energy, good(500.0, 90)}}});
  core.on_delivery({2, at(200), {{energy, good(502.0, 190)}}});
  core.on_time(now(60'000));
  const Actions actions = core.take_actions();

  ASSERT_EQ(actions.live.size(), 2u);
  EXPECT_EQ(actions.live[1].values.at("conveyor.energy_kwh_day"),
            (LiveValue{2, quality::good, at(190)}));
  ASSERT_EQ(actions.records.size(), 1u);
  EXPECT_THAT(actions.records[0].samples,
              testing::Contains(Sample{PointId{3}, 2, quality::good, at(190)}));
  EXPECT_EQ(actions.days, days.save());
}

TEST(CoreDays, a_steady_counter_begins_its_day_at_zero_with_the_tick) {
  const Plant plant = plant_with_a_day();
  DayCounters days(plant, [](Timestamp when) {
    const Timestamp edge = at(10'000);
    return when < edge ? LocalDay{at(0), edge} : LocalDay{edge, at(86'400'000)};
  });
  CoreOptions options{.covered_until = {}};
  options.days = &days;
  Core core(plant, options, now(0), {});
  core.on_delivery({1, at(100), {{energy, good(500.0, 90)}}});
  core.on_delivery({2, at(200), {{energy, good(502.0, 190)}}});
  core.take_actions();

  core.on_time(now(10'500));

  const Actions actions = core.take_actions();
  ASSERT_FALSE(actions.live.empty());
  EXPECT_EQ(actions.live.back().values.at("conveyor.energy_kwh_day"),
            (LiveValue{0, quality::good, at(10'000)}));
}

TEST_F(CoreTest, a_change_is_shown_at_once_and_kept_with_the_next_record) {
  core_.on_alive(at(5));
  core_.take_actions();
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));

  const Actions at_once = core_.take_actions();
  const auto record = record_at(10'000);

  ASSERT_EQ(at_once.live.size(), 1u);
  EXPECT_EQ(at_once.live[0].values.at("conveyor.power_kw"),
            (LiveValue{1.5, quality::good, at(90)}));
  EXPECT_THAT(at_once.records, IsEmpty());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->seq, 41u);
  EXPECT_THAT(record->samples, ElementsAre(Sample{power, 1.5, quality::good, at(90)}));
}

TEST_F(CoreTest, a_token_is_acknowledged_only_when_its_record_is_on_disk) {
  core_.on_delivery(delivery(7, 100, {{power, good(1.5, 90)}}));
  core_.on_time(now(300));
  core_.on_delivery(delivery(8, 310, {{power, good(1.6, 305)}}));
  EXPECT_THAT(core_.take_actions().acknowledge, IsEmpty());

  core_.on_durable(41);

  EXPECT_THAT(core_.take_actions().acknowledge, ElementsAre(7u));
}

TEST_F(CoreTest, tokens_beyond_the_limit_are_never_acknowledged_and_counted) {
  core_.on_delivery(delivery(1, 1, {{power, good(1.0, 1)}}));
  core_.on_delivery(delivery(2, 2, {{power, good(2.0, 2)}}));
  core_.on_delivery(delivery(3, 3, {{power, good(3.0, 3)}}));
  core_.on_delivery(delivery(4, 4, {{power, good(4.0, 4)}}));
  record_at(300);

  core_.on_durable(41);

  EXPECT_THAT(core_.take_actions().acknowledge, ElementsAre(2u, 3u, 4u));
  EXPECT_EQ(core_.stats().never_acknowledged, 1u);
}

TEST_F(CoreTest, changes_wait_a_fifth_of_a_second_at_most_for_their_record) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));
  EXPECT_EQ(core_.next_due(), Milliseconds{200});
  EXPECT_EQ(record_at(199), std::nullopt);

  EXPECT_TRUE(record_at(200));
}

TEST_F(CoreTest, a_steady_value_is_presented_at_every_tick_and_stored_once) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));
  core_.on_time(now(1000));
  core_.on_alive(at(1500));
  core_.on_time(now(2000));
  const auto record = record_at(10'000);

  EXPECT_THAT(witness_.times, ElementsAre(at(1000), at(2000), at(10'000)));
  EXPECT_EQ(witness_.last[power.value], (LiveValue{1.5, quality::good, at(90)}));
  EXPECT_EQ(record->samples.size(), 1u);
}

TEST_F(CoreTest, a_record_without_samples_still_brings_the_proof_of_life) {
  core_.on_alive(at(0));
  core_.on_alive(at(9000));

  const auto record = record_at(10'000);

  ASSERT_TRUE(record);
  EXPECT_THAT(record->samples, IsEmpty());
  EXPECT_THAT(record->intervals, ElementsAre(alive(0, 9000)));
}

TEST_F(CoreTest, behind_a_dead_link_no_value_is_shown_as_good) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));
  core_.take_actions();

  core_.on_link_down("connection refused", at(3000));

  const Actions actions = core_.take_actions();
  ASSERT_EQ(actions.live.size(), 2u);
  EXPECT_EQ(actions.live[0].link, (LiveLink{false, "connection refused", at(3000)}));
  EXPECT_EQ(actions.live[1].values.at("conveyor.power_kw").quality, quality::bad_no_communication);
  core_.on_time(now(4000));
  EXPECT_EQ(witness_.last[power.value].quality, quality::bad_no_communication);
}

TEST_F(CoreTest, a_resumed_link_shows_held_values_as_good_from_its_first_proof) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));
  core_.on_link_down("cut", at(3000));
  core_.take_actions();

  core_.on_link_up(at(4000));
  const Actions up = core_.take_actions();
  core_.on_alive(at(4050));
  const Actions proven = core_.take_actions();

  ASSERT_EQ(up.live.size(), 1u);
  EXPECT_TRUE(up.live[0].link->up);
  ASSERT_EQ(proven.live.size(), 1u);
  EXPECT_EQ(proven.live[0].values.at("conveyor.power_kw").quality, quality::good);
}

TEST_F(CoreTest, a_lost_link_stores_a_gap_and_no_samples) {
  core_.on_alive(at(0));
  core_.on_alive(at(2000));
  core_.on_link_down("cut", at(3000));

  const auto record = record_at(10'000);

  EXPECT_THAT(record->intervals, ElementsAre(alive(0, 2000), gap(2000, 10'000, "cut")));
  EXPECT_THAT(record->samples, IsEmpty());
}

TEST_F(CoreTest, while_older_values_are_on_their_way_the_gap_goes_on) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));
  core_.on_link_down("connection reset", at(300));
  Delivery republished = delivery(2, 800, {{power, good(1.6, 150)}});
  republished.is_current = false;

  core_.on_delivery(republished);
  core_.on_delivery(delivery(3, 900, {{power, good(1.7, 850)}}));

  const auto record = record_at(1000);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->samples.size(), 3u);
  EXPECT_THAT(record->intervals,
              ElementsAre(gap(0, 100, "the collector is connecting to the gateway"),
                          gap(100, 900, "connection reset")));
}

TEST_F(CoreTest, values_of_history_are_kept_under_their_own_times_and_not_shown) {
  core_.on_delivery(delivery(1, 5000, {{power, good(1.5, 4990)}}));
  core_.on_link_down("cut", at(6000));
  core_.on_alive(at(9000));
  core_.on_delivery(delivery(2, 9000, {{power, good(4.5, 8990)}}));
  record_at(9100);

  core_.on_history({{{power, good(2.5, 7000)}, {power, good(4.5, 8990)}}, at(5000)});

  const auto record = record_at(9400);
  ASSERT_TRUE(record);
  EXPECT_THAT(record->samples, ElementsAre(Sample{power, 2.5, quality::good, at(7000)}));
  EXPECT_THAT(record->intervals, ElementsAre(alive(5000, 9000)));
  core_.on_time(now(10'000));
  EXPECT_EQ(witness_.last[power.value].value, 4.5);
  EXPECT_EQ(core_.stats().samples_from_history, 1u);
}

TEST_F(CoreTest, what_the_alarms_changed_is_part_of_the_next_record) {
  AlarmRow row;
  row.id = 7;
  AlarmJournalRow change;
  change.alarm_id = 7;

  core_.on_alarms({row}, {change});

  const auto record = record_at(200);
  ASSERT_TRUE(record);
  EXPECT_THAT(record->alarms, ElementsAre(row));
  EXPECT_THAT(record->alarm_journal, ElementsAre(change));
}

TEST_F(CoreTest, stopping_cuts_the_last_record_at_once) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));

  core_.on_stop(now(200));

  const auto last = core_.take_actions().records;
  ASSERT_EQ(last.size(), 1u);
  EXPECT_EQ(last[0].samples.size(), 1u);
  EXPECT_FALSE(core_.idle());
  core_.on_durable(41);
  EXPECT_TRUE(core_.idle());
}

TEST_F(CoreTest, values_lost_at_the_server_leave_a_gap_with_the_point) {
  core_.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}}));
  core_.on_delivery(delivery(2, 500, {{power, good(2.5, 490), true}}));

  const auto record = record_at(10'000);

  EXPECT_EQ(core_.stats().overflows, 1u);
  ASSERT_EQ(record->intervals.size(), 2u);
  EXPECT_EQ(record->intervals[1].to, at(500));
  EXPECT_THAT(record->intervals[1].cause, testing::HasSubstr("conveyor.power_kw"));
}

TEST_F(CoreTest, missed_ticks_are_not_made_up_for) {
  core_.on_time(now(30'500));
  core_.on_time(now(30'501));

  EXPECT_EQ(witness_.times.size(), 1u);
  EXPECT_EQ(core_.next_due(), Milliseconds{31'500});
}

TEST_F(CoreTest, the_same_events_give_the_same_actions) {
  Core other{plant_, options_, now(0), {}};
  other.take_actions();
  const auto events = [](Core& core) {
    core.on_delivery(delivery(1, 100, {{power, good(1.5, 90)}, {state, good(true, 90)}}));
    core.on_link_down("cut", at(300));
    core.on_time(now(10'000));
    return core.take_actions();
  };

  const Actions first = events(core_);
  const Actions second = events(other);

  EXPECT_EQ(first.records, second.records);
  EXPECT_EQ(first.live.size(), second.live.size());
}

TEST(PointHealth, counts_points_by_quality) {
  const std::vector<LiveValue> values{{1, quality::good, {}},
                                      {1, quality::good, {}},
                                      {1, quality::uncertain_last_usable, {}},
                                      {1, quality::bad, {}}};
  PointHealth health;

  health.on_tick({.at = at(0), .values = values, .link_alive = true});

  EXPECT_EQ(health.good(), 2);
  EXPECT_EQ(health.uncertain(), 1);
  EXPECT_EQ(health.bad(), 1);
}

}  // namespace
}  // namespace wl::collector
