#include "plc/runtime/scan_statistics.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;

TEST(ScanStatistics, mean_max_and_jitter_are_kept_since_the_start) {
  ScanStatistics statistics;
  statistics.add({.at = 0s, .duration = 10us, .jitter = 5us});
  statistics.add({.at = 1s, .duration = 30us, .jitter = 1us, .missed = 3, .overrun = true});

  const ScanFigures all = statistics.since_start();

  EXPECT_EQ(all.scans, 2u);
  EXPECT_DOUBLE_EQ(all.mean_us, 20);
  EXPECT_DOUBLE_EQ(all.max_us, 30);
  EXPECT_DOUBLE_EQ(all.max_jitter_us, 5);
  EXPECT_EQ(all.overruns, 1u);
  EXPECT_EQ(all.missed, 3u);
  EXPECT_DOUBLE_EQ(statistics.last_us(), 30);
}

TEST(ScanStatistics, a_peak_leaves_the_last_minute_but_not_the_total) {
  ScanStatistics statistics;
  statistics.add({.at = 0s, .duration = 9ms, .jitter = 0us});
  EXPECT_DOUBLE_EQ(statistics.last_minute(59s).max_us, 9000);

  statistics.add({.at = 60s, .duration = 10us, .jitter = 0us});

  EXPECT_DOUBLE_EQ(statistics.last_minute(60s).max_us, 10);
  EXPECT_DOUBLE_EQ(statistics.since_start().max_us, 9000);
}

TEST(ScanStatistics, after_a_pause_old_seconds_do_not_count) {
  ScanStatistics statistics;
  statistics.add({.at = 5s, .duration = 10us, .jitter = 0us});
  EXPECT_EQ(statistics.last_minute(500s).scans, 0u);
}

TEST(ScanStatistics, nothing_measured_is_zero) {
  EXPECT_DOUBLE_EQ(ScanStatistics().since_start().mean_us, 0);
}

}  // namespace
}  // namespace wl::plc
