#include "apps/plc/status_report.hpp"

namespace wl {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

const Timestamp start = from_unix_ms(1'700'000'000'000);

PlcCondition running(std::uint64_t cycles) {
  PlcCondition condition;
  condition.cycles = cycles;
  condition.pous = 12;
  condition.boot_count = 3;
  return condition;
}

TEST(StatusReport, a_moving_scan_counter_is_a_heartbeat) {
  StatusReport report("0.1.0", 42, start);
  report.at(start, running(1));

  const auto status = report.at(start + 1s, running(11));

  EXPECT_TRUE(status.healthy);
  EXPECT_EQ(status.reason, "");
  EXPECT_EQ(status.heartbeat_at, start + 1s);
  EXPECT_THAT(status.details, Contains(Pair("state", "RUN")));
  EXPECT_THAT(status.details, Contains(Pair("boot_count", "3")));
  EXPECT_THAT(status.details, Contains(Pair("pous", "12")));
  EXPECT_THAT(status.details, Contains(Pair("uptime_s", "1")));
}

TEST(StatusReport, a_scan_loop_that_stands_still_has_no_heartbeat) {
  StatusReport report("0.1.0", 42, start);
  report.at(start, running(11));

  EXPECT_TRUE(report.at(start + 2s, running(11)).healthy);
  const auto status = report.at(start + 4s, running(11));

  EXPECT_FALSE(status.healthy);
  EXPECT_EQ(status.reason, "the scan loop has not moved for 4 s");
  EXPECT_EQ(status.heartbeat_at, start);
}

TEST(StatusReport, before_the_first_scan_nothing_is_healthy) {
  StatusReport report("0.1.0", 42, start);
  EXPECT_FALSE(report.at(start, running(0)).healthy);
}

TEST(StatusReport, a_fault_is_alive_but_not_healthy_and_names_pou_and_line) {
  StatusReport report("0.1.0", 42, start);
  auto condition = running(7);
  condition.fault = "FB_X (FB_X.st:12): division by zero";

  const auto status = report.at(start + 1s, condition);

  EXPECT_EQ(status.heartbeat_at, start + 1s);
  EXPECT_FALSE(status.healthy);
  EXPECT_THAT(status.reason, HasSubstr("FB_X (FB_X.st:12): division by zero"));
  EXPECT_THAT(status.details, Contains(Pair("state", "FAULT")));
}

TEST(StatusReport, retain_data_that_cannot_be_written_make_it_unhealthy) {
  StatusReport report("0.1.0", 42, start);
  auto condition = running(7);
  condition.retain_trouble = "retain data cannot be written to /d: No space left on device";
  EXPECT_EQ(report.at(start, condition).reason, condition.retain_trouble);
}

}  // namespace
}  // namespace wl
