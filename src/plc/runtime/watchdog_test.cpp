#include "plc/runtime/watchdog.hpp"

#include <algorithm>
#include <ranges>

#include "plc/runtime/fake_program.hpp"
#include "plc/runtime/resource.hpp"
#include "plc/runtime/scan_cycle.hpp"

namespace wl::plc {
namespace {

using namespace std::chrono_literals;

TEST(Watchdog, the_limit_is_five_intervals_but_at_least_half_a_second) {
  EXPECT_EQ(watchdog_limit(10ms), 500ms);
  EXPECT_EQ(watchdog_limit(100ms), 500ms);
  EXPECT_EQ(watchdog_limit(1s), 5s);
}

TEST(Watchdog, a_scan_seen_running_at_every_look_hangs_and_is_reported_once) {
  ScanWatchdog watchdog;
  EXPECT_FALSE(watchdog.look(7));
  EXPECT_FALSE(watchdog.look(7));
  EXPECT_FALSE(watchdog.look(7));
  EXPECT_FALSE(watchdog.look(7));
  EXPECT_FALSE(watchdog.look(7));
  EXPECT_TRUE(watchdog.look(7));
  EXPECT_FALSE(watchdog.look(7));
}

TEST(Watchdog, another_scan_each_time_never_hangs) {
  ScanWatchdog watchdog;
  std::uint64_t mark = 1;
  const bool barked =
      std::ranges::any_of(std::views::iota(0, 1000), [&](int) { return watchdog.look(mark += 2); });
  EXPECT_FALSE(barked);
}

TEST(Watchdog, the_pause_between_scans_never_hangs) {
  ScanWatchdog watchdog;
  const bool barked =
      std::ranges::any_of(std::views::iota(0, 1000), [&](int) { return watchdog.look(8); });
  EXPECT_FALSE(barked);
}

TEST(Watchdog, a_process_stopped_in_the_middle_of_a_scan_goes_on) {
  ScanWatchdog watchdog;
  watchdog.look(7);
  EXPECT_FALSE(watchdog.look(7));  // SIGSTOP, 30 s, SIGCONT: one look, not three hundred.
  EXPECT_FALSE(watchdog.look(8));
}

TEST(Watchdog, its_thread_ends_an_endless_loop_with_a_fault) {
  FakeProgram program;
  program.add_task("Main", 100ms, 1, [&](auto) -> std::optional<ScanFault> {
    std::atomic_ref abort(program.control().abort);
    const auto limit = std::chrono::steady_clock::now() + 20s;
    while (abort.load() == 0 && std::chrono::steady_clock::now() < limit) {
    }
    return ScanFault{
        abort.load() != 0 ? ScanFault::Kind::watchdog : ScanFault::Kind::null_reference, "FB_LOOP",
        "FB_LOOP.st", 3, 0};
  });
  const auto resource = Resource::create(program).value();
  ScanCycle cycle(*resource, nullptr, [](const ScanReport&) {});
  const WatchdogThread watchdog(cycle.mark(), resource->control(), 50ms);

  cycle.run(0ms, from_unix_ms(0));

  ASSERT_TRUE(resource->faulted());
  EXPECT_EQ(resource->fault()->kind, ScanFault::Kind::watchdog);
}

}  // namespace
}  // namespace wl::plc
