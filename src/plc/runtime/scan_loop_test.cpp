#include "plc/runtime/scan_loop.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <semaphore>
#include <utility>
#include <vector>

#include "plc/runtime/fake_program.hpp"
#include "plc/runtime/resource.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;

/// A loop over a program that does nothing; keeps the times of the first scans.
struct RunningLoop {
  FakeProgram program;
  std::unique_ptr<Resource> resource;
  std::counting_semaphore<> scanned{0};
  std::vector<Timestamp> times;
  std::optional<ScanCycle> cycle;

  RunningLoop() {
    program.add_task("Main", 10ms, 1, [](auto) { return std::nullopt; });
    resource = Resource::create(program).value();
    cycle.emplace(*resource, nullptr, [this](const ScanReport& report) {
      times.push_back(report.time);
      scanned.release();
    });
  }
  bool wait_for_scans(int count) {
    bool all = true;
    for (int i = 0; i < count; ++i) all = all && scanned.try_acquire_for(5s);
    return all;
  }
};

TEST(ScanLoop, source_times_lie_on_the_wall_clock_grid_of_the_interval) {
  RunningLoop line;
  ScanLoop loop(*line.cycle, line.resource->tick());

  loop.start();
  ASSERT_TRUE(line.wait_for_scans(5));
  loop.stop();

  EXPECT_THAT(line.times, ::testing::Each(::testing::ResultOf(
                              [](Timestamp time) { return to_unix_ms(time) % 10; }, 0)));
  EXPECT_GE(loop.cycles(), 5u);
}

TEST(ScanLoop, no_two_scans_share_a_time) {
  RunningLoop line;
  ScanLoop loop(*line.cycle, line.resource->tick());

  loop.start();
  ASSERT_TRUE(line.wait_for_scans(10));
  loop.stop();

  EXPECT_EQ(std::ranges::adjacent_find(line.times), line.times.end());
}

TEST(ScanLoop, stop_returns_and_nothing_is_scanned_afterwards) {
  RunningLoop line;
  ScanLoop loop(*line.cycle, line.resource->tick());
  loop.start();
  ASSERT_TRUE(line.wait_for_scans(1));

  loop.stop();
  const std::uint64_t cycles = loop.cycles();

  EXPECT_EQ(line.times.size(), cycles);
}

TEST(ScanLoop, a_scan_that_throws_does_not_end_the_scanning) {
  RunningLoop line;
  bool fails = true;
  line.program.add_task("Broken", 10ms, 2, [&](auto) -> std::optional<ScanFault> {
    if (std::exchange(fails, false)) throw std::bad_alloc();
    return std::nullopt;
  });
  const auto resource = Resource::create(line.program).value();
  ScanCycle cycle(*resource, nullptr, [&](const ScanReport&) { line.scanned.release(); });
  ScanLoop loop(cycle, resource->tick());

  loop.start();

  EXPECT_TRUE(line.wait_for_scans(2));
}

TEST(ScanLoop, its_figures_are_there_after_the_first_scan) {
  RunningLoop line;
  ScanLoop loop(*line.cycle, line.resource->tick());
  loop.start();
  ASSERT_TRUE(line.wait_for_scans(2));
  loop.stop();

  EXPECT_GE(loop.status().since_start.scans, 1u);
}

}  // namespace
}  // namespace wl::plc
