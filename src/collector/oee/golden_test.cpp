// Shifts computed by hand.
#include "collector/oee/test_line.hpp"

namespace wl::collector::oee {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// 8 h with half an hour of break: 450 min planned. The line runs but for 45 min of fault, 12 min
/// of setup and three jams of 2 min; 540 pieces at 40 s, 27 of them bad.
struct WorkedShift : TestLine {
  WorkedShift()
      : TestLine(
            {{{at_min(0), at_min(480)}, {{at_min(0), at_min(240)}, {at_min(270), at_min(480)}}}}) {
    state(0, running).count(0, 1000).reject(0, 50).alive(0, 480);
    state(30, fault).state(75, running);      // 45 min
    state(100, fault).state(102, running);    // 2 min
    state(150, fault).state(152, running);    // 2 min
    state(200, setup).state(212, running);    // 12 min
    state(240, standby).state(270, running);  // the break
    state(300, fault).state(302, running);    // 2 min
    pieces(0, 540 * 40, 40, 1000);
    for (int i = 1; i <= 27; ++i) reject(800 * i, 50 + i);
    batch();
  }
};

TEST(OeeGolden, a_shift_with_a_breakdown_setup_and_jams) {
  const WorkedShift line;
  const OeeSums sums = line.total();

  EXPECT_EQ(sums.planned_ms, minutes_ms(450));
  EXPECT_EQ(sums.breakdown_ms, minutes_ms(45));
  EXPECT_EQ(sums.setup_ms, minutes_ms(12));
  EXPECT_EQ(sums.minor_stop_ms, minutes_ms(6));
  EXPECT_EQ(sums.running_ms, minutes_ms(387));
  EXPECT_EQ(sums.idle_ms + sums.unknown_ms, 0);
  EXPECT_EQ(sums.produced, 540);
  EXPECT_EQ(sums.rejected, 27);
}

/// Pieces counted in the break are not rated: 361 … 405, those behind 14,400 s up to 16,200 s, and
/// the rejects at 15,200 s and 16,000 s.
TEST(OeeGolden, its_ratios) {
  const WorkedShift line;
  const OeeSums sums = line.total();
  const OeeRatios ratios = ratios_of(sums);

  EXPECT_EQ(sums.rated_produced, 540 - 45);
  EXPECT_EQ(sums.rated_rejected, 27 - 2);
  EXPECT_DOUBLE_EQ(ratios.availability.value(), 393.0 / 450);
  EXPECT_DOUBLE_EQ(ratios.performance.value(), 495 * 0.6 / 393);
  EXPECT_DOUBLE_EQ(ratios.quality.value(), 470.0 / 495);
  EXPECT_DOUBLE_EQ(ratios.oee.value(), 470 * 0.6 / 450);
  EXPECT_FALSE(ratios.performance_flag);
}

TEST(OeeGolden, its_stops) {
  const WorkedShift line;

  ASSERT_THAT(line.stops, SizeIs(5));  // Not the break.
  EXPECT_EQ(line.stops.at(at_min(30)),
            (OeeStop{at_min(30), at_min(75), OeeElement::breakdown, "fault", minutes_ms(45)}));
  EXPECT_EQ(line.stops.at(at_min(100)),
            (OeeStop{at_min(100), at_min(102), OeeElement::minor_stop, "fault", minutes_ms(2)}));
  EXPECT_EQ(line.stops.at(at_min(200)),
            (OeeStop{at_min(200), at_min(212), OeeElement::setup, "setup", minutes_ms(12)}));
}

TEST(OeeGolden, the_current_shift_has_its_sums) {
  const WorkedShift line;
  const auto shift = line.account().current_shift();

  ASSERT_TRUE(shift);
  EXPECT_EQ(shift->time, (Span{at_min(0), at_min(480)}));
  EXPECT_EQ(shift->sums, line.total());
}

/// The PLC loses its counter at half an hour: 45 pieces before, 45 after.
TEST(OeeGolden, a_reset_in_the_shift_loses_and_invents_no_piece) {
  TestLine line({shift_of(0, 60)});
  line.state(0, running).count(0, 5000).reject(0, 0).alive(0, 60);
  line.pieces(0, 1800, 40, 5000).count(1810, 0).pieces(1810, 3600, 40, 0).batch();

  EXPECT_EQ(line.total().produced, 45 + 44);
  EXPECT_EQ(line.total().ideal_produced_us, 89 * 36'000'000LL);
}

TEST(OeeGolden, a_shift_of_nine_hours_in_the_night_when_clocks_are_put_back) {
  TestLine line({shift_of(0, 540)});
  line.state(0, running).count(0, 0).reject(0, 0).alive(0, 540);
  line.pieces(0, 9 * 3600, 40).batch();

  EXPECT_EQ(line.total().planned_ms, minutes_ms(540));
  EXPECT_EQ(line.total().produced, 810);
  EXPECT_DOUBLE_EQ(*ratios_of(line.total()).oee, 0.9);
}

TEST(OeeGolden, nothing_planned_gives_pieces_and_no_ratio) {
  TestLine line({});
  line.state(0, running).count(0, 0).reject(0, 0).alive(0, 60).pieces(0, 3600, 40).batch();

  EXPECT_EQ(line.total().produced, 90);
  EXPECT_EQ(line.total().planned_ms, 0);
  EXPECT_FALSE(ratios_of(line.total()).oee || ratios_of(line.total()).performance);
  EXPECT_THAT(line.stops, IsEmpty());
  EXPECT_FALSE(line.account().current_shift());
}

TEST(OeeGolden, a_line_faster_than_its_ideal_is_flagged) {
  TestLine line({shift_of(0, 60)});
  line.state(0, running).count(0, 0).reject(0, 0).alive(0, 60).pieces(0, 3600, 30).batch();

  EXPECT_DOUBLE_EQ(*ratios_of(line.total()).performance, 1.2);
  EXPECT_TRUE(ratios_of(line.total()).performance_flag);
}

/// An hour of small pieces (ideal 20 s) and one of large ones (ideal 60 s), each at its ideal.
TEST(OeeGolden, each_product_has_its_ideal_time) {
  LineRules rules = test_rules();
  rules.product = PointId{3};
  rules.products = {{1, 20'000'000}, {2, 60'000'000}};
  TestLine line({shift_of(0, 120)}, rules);
  line.state(0, running).count(0, 0).reject(0, 0).alive(0, 120).add(3, 0, 1).add(3, 3600.5, 2);
  line.pieces(0, 3600, 20).pieces(3600, 7200, 60, 180).batch();

  EXPECT_EQ(line.total().produced, 240);
  EXPECT_DOUBLE_EQ(*ratios_of(line.total()).performance, 1);
}

}  // namespace
}  // namespace wl::collector::oee
