#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collector/ledger/test_ledger.hpp"

namespace wl::collector::ledger {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<EventKind> kinds_of(const LedgerEntries& entries) {
  std::vector<EventKind> kinds;
  for (const LedgerEvent& event : entries.events) kinds.push_back(event.kind);
  return kinds;
}

std::vector<std::uint32_t> revisions_of(const LedgerEntries& entries) {
  std::vector<std::uint32_t> revisions;
  for (const LedgerEvent& event : entries.events) revisions.push_back(event.revision);
  return revisions;
}

std::vector<Sample> sixty_readings() {
  std::vector<Sample> samples;
  for (int i = 0; i < 60; ++i) samples.push_back(reads(i, 100 + 0.01 * i));
  return samples;
}

TEST(LedgerCounter, a_plausible_rise_is_counted_to_the_milli_wh) {
  OneMeter press;

  press.feed({reads(0, 100), reads(1, 100.123'456)}, {lives(0, 1)});

  EXPECT_EQ(press.store.sum(), 123'456);
  EXPECT_EQ(press.store.at(0).method, Method::counter);
  EXPECT_THAT(press.store.kinds(), IsEmpty());
}

TEST(LedgerCounter, a_rise_over_a_bucket_edge_is_split_by_time) {
  OneMeter press;

  press.feed({reads(14, 100), reads(17, 100.3)}, {lives(14, 17)});

  EXPECT_EQ(press.store.at(0).milli_wh, 100'000);
  EXPECT_EQ(press.store.at(15).milli_wh, 200'000);
  EXPECT_EQ(press.store.at(15).method, Method::counter);
}

TEST(LedgerCounter, shares_that_do_not_divide_still_add_up) {
  OneMeter press;

  press.feed({reads(10, 100), reads(47, 100.000'001), reads(99, 100.000'008)}, {lives(10, 99)});

  EXPECT_EQ(press.store.sum(), 8);
}

TEST(LedgerCounter, coverage_is_the_share_of_time_proven_alive) {
  OneMeter press;

  press.feed({reads(0, 100), reads(14, 101)}, {lives(0, 6), lives(12, 15)});

  EXPECT_DOUBLE_EQ(press.store.at(0).coverage(), 0.6);
}

TEST(LedgerCounter, time_of_bad_quality_is_not_covered) {
  OneMeter press;

  press.feed({reads(0, 100), reads(3, 100, quality::bad_no_communication), reads(12, 100.5)},
             {lives(0, 15)});

  EXPECT_DOUBLE_EQ(press.store.at(0).coverage(), 0.4);
  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.5);
}

TEST(LedgerCounter, a_counter_that_stands_still_gives_covered_buckets_of_0) {
  OneMeter press;

  press.feed({reads(0, 100)}, {lives(0, 45)});

  EXPECT_EQ(press.store.buckets.size(), 3u);
  EXPECT_EQ(press.store.at(30).milli_wh, 0);
  EXPECT_DOUBLE_EQ(press.store.at(30).coverage(), 1);
}

TEST(LedgerCounter, a_rollover_counts_through_the_modulus) {
  MeterSpec spec = counter_of_12_kw();
  spec.modulus_kwh = 10'000;
  OneMeter press(spec);

  press.feed({reads(0, 9'999.9), reads(1, 0.05)}, {lives(0, 1)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.15);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::rollover));
  EXPECT_EQ(press.store.event(EventKind::rollover).before, 9'999'900'000);
}

TEST(LedgerCounter, a_fall_is_held_until_three_samples_agree) {
  OneMeter press;

  press.feed({reads(0, 500), reads(1, 0.05), reads(2, 0.1)}, {lives(0, 2)});

  EXPECT_EQ(press.store.sum(), 0);
  EXPECT_TRUE(press.store.at(0).uncertain);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::held));
}

TEST(LedgerCounter, a_jump_beyond_the_power_is_recorded_and_marked_never_a_plain_0) {
  OneMeter press;

  press.feed({reads(0, 100), reads(1, 900), reads(2, 900.1), reads(3, 900.2)}, {lives(0, 3)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.2);
  EXPECT_TRUE(press.store.at(0).uncertain);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::held, EventKind::jump));
  EXPECT_EQ(press.store.event(EventKind::jump).before, 100'000'000);
  EXPECT_EQ(press.store.event(EventKind::jump).after, 900'000'000);
}

TEST(LedgerCounter, a_jump_that_comes_back_was_a_glitch) {
  OneMeter press;

  press.feed({reads(0, 100), reads(1, 900), reads(2, 100.2)}, {lives(0, 2)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.2);
  EXPECT_FALSE(press.store.at(0).uncertain);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::held, EventKind::glitch));
}

TEST(LedgerCounter, a_number_that_no_meter_shows_is_not_used) {
  OneMeter press;

  press.feed({reads(0, 100), reads(1, -5), reads(2, 1e300), reads(3, 100.1)}, {lives(0, 3)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.1);
}

TEST(LedgerGap, its_energy_is_spread_over_its_buckets_and_called_estimated) {
  OneMeter press;

  press.feed({reads(0, 100), reads(15, 101)}, {lives(0, 15)});
  press.feed({reads(195, 113)}, {lives(194.99, 196)});

  EXPECT_NEAR(press.store.kwh_at(15), 1, 1e-5);
  EXPECT_NEAR(press.store.kwh_at(180), 1, 1e-5);
  EXPECT_EQ(press.store.at(90).method, Method::estimated);
  EXPECT_EQ(press.store.at(90).covered_ms, 0);
  EXPECT_DOUBLE_EQ(press.store.kwh(), 13);
}

TEST(LedgerGap, the_first_bucket_after_it_has_no_spike) {
  OneMeter press;

  press.feed({reads(0, 100), reads(1, 100)}, {lives(0, 1)});
  press.feed({reads(181, 130), reads(195, 132)}, {lives(180.9, 195)});

  EXPECT_LT(press.store.kwh_at(180), 2.5);
  EXPECT_DOUBLE_EQ(press.store.kwh(), 32);
}

TEST(LedgerGap, energy_does_not_go_where_the_counter_was_seen_to_stand) {
  OneMeter press;

  press.feed({reads(0, 100)}, {lives(0, 60)});
  press.feed({reads(90, 103)}, {lives(89.99, 90)});

  EXPECT_EQ(press.store.at(45).milli_wh, 0);
  EXPECT_EQ(press.store.at(60).milli_wh, 1'500'000);
}

TEST(LedgerGap, inside_one_bucket_the_counter_bridges_it_exactly) {
  OneMeter press;

  press.feed({reads(1, 100), reads(14, 101)}, {lives(1, 5), lives(13, 14)});

  EXPECT_EQ(press.store.at(0).method, Method::counter);
  EXPECT_EQ(press.store.at(0).milli_wh, 1'000'000);
}

TEST(LedgerPower, is_held_from_change_to_change) {
  OneMeter press(power_up_to_12_kw());

  press.feed({reads(0, 4), reads(30, 8)}, {lives(0, 45)});

  EXPECT_EQ(press.store.at(0).milli_wh, 1'000'000);
  EXPECT_EQ(press.store.at(30).milli_wh, 2'000'000);
  EXPECT_EQ(press.store.at(0).method, Method::integrated);
}

TEST(LedgerPower, a_hole_up_to_three_sampling_intervals_is_bridged) {
  OneMeter press(power_up_to_12_kw());

  press.feed({reads(0, 6)}, {lives(0, 5), lives(5.05, 10)});

  EXPECT_EQ(press.store.at(0).milli_wh, 1'000'000);
  EXPECT_EQ(press.store.at(0).method, Method::integrated);
}

TEST(LedgerPower, fractions_of_a_milli_wh_are_carried_on) {
  OneMeter press(power_up_to_12_kw());
  const double third_of_a_milli_wh_an_hour = 1e-6 / 3;

  press.feed({reads(0, 1e-6), reads(20, 1e-6), reads(41, third_of_a_milli_wh_an_hour * 3)},
             {lives(0, 120)});

  EXPECT_EQ(press.store.sum(), 2);
}

TEST(LedgerPower, an_implausible_one_is_recorded_and_not_integrated) {
  OneMeter press(power_up_to_12_kw());

  press.feed({reads(0, 6), reads(5, 5'000), reads(10, 6)}, {lives(0, 15)});

  EXPECT_EQ(press.store.at(0).milli_wh, 1'000'000);
  EXPECT_NEAR(press.store.at(0).coverage(), 2.0 / 3, 1e-9);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::implausible_power));
}

TEST(LedgerLate, a_late_sample_corrects_its_buckets_and_says_so) {
  OneMeter press;
  press.feed({reads(0, 100), reads(30, 102)}, {lives(0, 30)});

  press.feed({reads(15, 101.5)});

  EXPECT_EQ(press.store.at(0).milli_wh, 1'500'000);
  EXPECT_EQ(press.store.at(15).milli_wh, 500'000);
  EXPECT_EQ(press.store.event(EventKind::corrected).before, 1'000'000);
  EXPECT_EQ(press.store.event(EventKind::corrected).after, 1'500'000);
}

TEST(LedgerLate, a_late_sample_that_explains_an_event_withdraws_it) {
  OneMeter press;
  press.feed({reads(0, 100), reads(1, 90), reads(2, 90), reads(3, 90)}, {lives(0, 4)});

  press.feed({reads(1.5, 100.1), reads(2.5, 100.1), reads(3.5, 100.2)});

  EXPECT_EQ(press.store.event(EventKind::withdrawn).after, 90'000'000);
  EXPECT_THAT(press.store.voided(), ElementsAre(EventKind::swap));
  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.2);
}

TEST(LedgerLate, a_bucket_corrected_twice_gives_two_events) {
  OneMeter press;
  press.feed({reads(0, 100), reads(30, 102)}, {lives(0, 30)});

  press.feed({reads(10, 101.5)});
  press.feed({reads(15, 101.7)});

  EXPECT_THAT(press.store.corrections(0), ElementsAre(1'625'000, 1'700'000));
}

TEST(LedgerLate, an_event_told_again_after_its_withdrawal_is_another_one) {
  OneMeter press;
  press.feed({reads(0, 100), reads(10, 90)}, {lives(0, 20)});
  press.feed({reads(5, 89)});

  const LedgerEntries entries = press.feed({reads(6, 100.1)});

  EXPECT_THAT(kinds_of(entries), ElementsAre(EventKind::glitch, EventKind::held));
  EXPECT_THAT(revisions_of(entries), ElementsAre(3u, 4u));
}

TEST(LedgerLate, older_than_the_window_is_counted_and_changes_nothing) {
  OneMeter press(counter_of_12_kw(), {.late_readings = 2});
  press.feed({reads(1, 100), reads(2, 100.1), reads(3, 100.2), reads(4, 100.3)}, {lives(0, 4)});

  const LedgerEntries entries = press.feed({reads(0.5, 99)});

  EXPECT_THAT(entries.buckets, IsEmpty());
  EXPECT_EQ(press.ledger.stats().too_late, 1u);
}

TEST(LedgerLate, a_sample_from_the_future_is_recorded_and_not_used) {
  OneMeter press;

  press.feed({reads(0, 100), reads(200'000, 101), reads(1, 100.1)}, {lives(0, 1)});

  EXPECT_DOUBLE_EQ(press.store.kwh(), 0.1);
  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::future));
}

TEST(LedgerLate, a_clock_that_is_ahead_is_told_once_not_with_every_sample) {
  OneMeter press;

  press.feed({reads(200'000, 101), reads(200'001, 101.1)});
  press.feed({reads(200'002, 101.2)});

  EXPECT_THAT(press.store.kinds(), ElementsAre(EventKind::future));
  EXPECT_EQ(press.ledger.stats().future, 3u);
}

TEST(LedgerLate, a_large_plant_keeps_fewer_readings_of_each_device) {
  OneMeter press(counter_of_12_kw(), {.late_readings = 100, .all_late_readings = 40});

  press.feed(sixty_readings(), {lives(0, 60)});

  EXPECT_EQ(press.ledger.books()[0].window.size(), 40u);
}

}  // namespace
}  // namespace wl::collector::ledger
