#include "apps/wattline/supervise/child_machine.hpp"

#include <gtest/gtest.h>

namespace wl::supervise {
namespace {

using std::chrono::seconds;
constexpr Milliseconds t0{1'000'000};

Heartbeat beat(int number, bool healthy = true) {
  return {from_unix_ms(1000 * number), healthy, healthy ? "" : "peer is missing"};
}

ChildMachine running_since(Milliseconds now) {
  ChildMachine machine{Limits{}};
  machine.start();
  machine.spawned(now);
  machine.heard(beat(1), now);
  return machine;
}

TEST(ChildMachine, a_started_process_is_healthy_once_its_heartbeat_says_so) {
  ChildMachine machine{Limits{}};
  EXPECT_EQ(machine.start(), Action::spawn);
  machine.spawned(t0);
  EXPECT_EQ(machine.reason(), "no heartbeat yet");

  machine.heard(beat(1, false), t0);
  EXPECT_FALSE(machine.healthy());
  EXPECT_EQ(machine.reason(), "peer is missing");

  machine.heard(beat(2), t0);
  EXPECT_TRUE(machine.healthy());
}

TEST(ChildMachine, an_exit_is_followed_by_a_restart_after_a_quarter_second) {
  ChildMachine machine = running_since(t0);

  EXPECT_EQ(machine.exited(t0 + seconds{1}), Milliseconds{250});

  EXPECT_EQ(machine.tick(t0 + Milliseconds{1249}), Action::none);
  EXPECT_EQ(machine.tick(t0 + Milliseconds{1250}), Action::spawn);
}

TEST(ChildMachine, the_pause_doubles_up_to_ten_seconds) {
  ChildMachine machine = running_since(t0);
  std::vector<std::int64_t> pauses;

  std::generate_n(std::back_inserter(pauses), 8, [&] {
    const auto pause = machine.exited(t0);
    machine.spawned(t0);
    return pause.value().count();
  });

  EXPECT_EQ(pauses, (std::vector<std::int64_t>{250, 500, 1000, 2000, 4000, 8000, 10'000, 10'000}));
}

TEST(ChildMachine, a_process_that_ran_long_enough_starts_again_with_the_first_pause) {
  ChildMachine machine = running_since(t0);
  machine.exited(t0);
  machine.spawned(t0);
  machine.exited(t0);
  machine.spawned(t0);

  EXPECT_EQ(machine.exited(t0 + seconds{30}), Milliseconds{250});
}

TEST(ChildMachine, ten_seconds_without_a_new_heartbeat_are_a_hang_and_it_is_killed_once) {
  ChildMachine machine = running_since(t0);
  machine.heard(beat(1), t0 + seconds{9});  // The old file read again is no sign of life.

  EXPECT_EQ(machine.tick(t0 + Milliseconds{9999}), Action::none);
  EXPECT_EQ(machine.tick(t0 + seconds{10}), Action::kill);
  EXPECT_EQ(machine.tick(t0 + seconds{11}), Action::none);
  EXPECT_EQ(machine.exited(t0 + seconds{11}), Milliseconds{250});
}

TEST(ChildMachine, a_jump_of_the_wall_clock_is_not_a_hang) {
  ChildMachine machine = running_since(t0);

  machine.heard({from_unix_ms(0), true, ""}, t0 + seconds{9});  // An hour back, or to 1970.

  EXPECT_EQ(machine.tick(t0 + seconds{18}), Action::none);
}

TEST(ChildMachine, a_process_that_never_gives_a_heartbeat_is_killed_after_half_a_minute) {
  ChildMachine machine{Limits{}};
  machine.start();
  machine.spawned(t0);

  EXPECT_EQ(machine.tick(t0 + Milliseconds{29'999}), Action::none);
  EXPECT_EQ(machine.tick(t0 + seconds{30}), Action::kill);
}

TEST(ChildMachine, a_stop_is_asked_for_first_and_forced_after_ten_seconds) {
  ChildMachine machine = running_since(t0);

  EXPECT_EQ(machine.stop(t0), Action::terminate);
  EXPECT_EQ(machine.tick(t0 + Milliseconds{9999}), Action::none);
  EXPECT_EQ(machine.tick(t0 + seconds{10}), Action::kill);
  EXPECT_EQ(machine.exited(t0 + seconds{10}), std::nullopt);
  EXPECT_EQ(machine.state(), ChildState::stopped);
}

TEST(ChildMachine, a_stop_during_the_pause_cancels_the_restart) {
  ChildMachine machine = running_since(t0);
  machine.exited(t0);

  EXPECT_EQ(machine.stop(t0), Action::none);

  EXPECT_EQ(machine.tick(t0 + seconds{60}), Action::none);
  EXPECT_EQ(machine.state(), ChildState::stopped);
}

TEST(ChildMachine, a_restart_on_request_has_no_pause_and_counts_as_no_failure) {
  ChildMachine machine = running_since(t0);

  EXPECT_EQ(machine.restart(t0), Action::terminate);
  EXPECT_EQ(machine.exited(t0 + seconds{1}), Milliseconds{0});

  EXPECT_EQ(machine.tick(t0 + seconds{1}), Action::spawn);
  EXPECT_EQ(machine.exits(), 0);
}

TEST(ChildMachine, a_restart_on_request_during_the_pause_starts_at_once) {
  ChildMachine machine = running_since(t0);
  machine.exited(t0);

  EXPECT_EQ(machine.restart(t0), Action::spawn);
}

TEST(ChildMachine, the_health_of_the_process_before_does_not_count_for_the_next) {
  ChildMachine machine = running_since(t0);
  machine.exited(t0);
  machine.spawned(t0);

  EXPECT_FALSE(machine.healthy());
}

}  // namespace
}  // namespace wl::supervise
