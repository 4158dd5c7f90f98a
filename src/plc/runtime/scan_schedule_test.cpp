#include "plc/runtime/scan_schedule.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;

TEST(ScanSchedule, lateness_of_one_scan_does_not_shift_the_next) {
  ScanSchedule schedule(100ms, 1000ms);

  const auto wake = schedule.wake(1030ms);

  EXPECT_EQ(wake.deadline, 1000ms);
  EXPECT_EQ(wake.jitter, 30ms);
  EXPECT_EQ(wake.missed, 0u);
  EXPECT_EQ(schedule.next_deadline(), 1100ms);
}

TEST(ScanSchedule, missed_deadlines_are_skipped_and_counted_not_made_up_in_a_burst) {
  ScanSchedule schedule(100ms, 1000ms);

  const auto wake = schedule.wake(31040ms);

  EXPECT_EQ(wake.deadline, 31000ms);
  EXPECT_EQ(wake.jitter, 40ms);
  EXPECT_EQ(wake.missed, 300u);
  EXPECT_EQ(schedule.next_deadline(), 31100ms);
}

TEST(ScanSchedule, an_early_wake_has_no_jitter) {
  ScanSchedule schedule(100ms, 1000ms);
  EXPECT_EQ(schedule.wake(999ms).jitter, 0ms);
}

TEST(SourceClock, source_times_lie_on_the_grid_of_the_deadlines) {
  const SourceClock clock(5000ms, from_unix_ms(1'700'000'000'000));
  EXPECT_EQ(to_unix_ms(clock.at(5100ms)), 1'700'000'000'100);
  EXPECT_EQ(to_unix_ms(clock.at(3605000ms)), 1'700'003'600'000);
}

TEST(SourceClock, a_second_of_difference_is_not_followed) {
  SourceClock clock(0ms, from_unix_ms(1'700'000'000'000));
  EXPECT_EQ(clock.follow(100ms, from_unix_ms(1'700'000'001'100)), std::nullopt);
  EXPECT_EQ(to_unix_ms(clock.at(200ms)), 1'700'000'000'200);
}

TEST(SourceClock, a_step_of_the_wall_clock_is_followed_in_both_directions) {
  SourceClock clock(0ms, from_unix_ms(1'700'000'000'000));

  EXPECT_EQ(clock.follow(100ms, from_unix_ms(1'700'003'600'100)), Milliseconds(3'600'000));
  EXPECT_EQ(to_unix_ms(clock.at(200ms)), 1'700'003'600'200);
  EXPECT_EQ(clock.follow(300ms, from_unix_ms(1'700'000'000'300)), Milliseconds(-3'600'000));
  EXPECT_EQ(to_unix_ms(clock.at(400ms)), 1'700'000'000'400);
}

}  // namespace
}  // namespace wl::plc
