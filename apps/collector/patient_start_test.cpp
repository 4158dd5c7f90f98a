#include "apps/collector/patient_start.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <semaphore>
#include <vector>

#include "apps/database/database_away.hpp"

namespace wl {
namespace {

using testing::Contains;
using testing::Each;

constexpr Patience fast{.first_pause = Milliseconds{1},
                        .longest_pause = Milliseconds{2},
                        .beat = Milliseconds{0},
                        .log_again = Milliseconds{60'000}};

/// Fails `away` times, then succeeds.
std::function<void()> attempts(std::atomic<int>& made, int away) {
  return [&made, away] {
    if (++made <= away) throw DatabaseAway("no database server answers at db1:3306");
  };
}

class PatientStart : public testing::Test {
 protected:
  ~PatientStart() override {
    sigset_t signals;  // A pending SIGTERM would stop the next test.
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    const timespec at_once{};
    ::sigtimedwait(&signals, nullptr, &at_once);
  }

  StopSignal stop;
};

const auto ignore = [](const std::string&) {};

TEST_F(PatientStart, goes_on_by_itself_when_the_database_comes) {
  std::atomic<int> made = 0;
  std::vector<std::string> told;

  const bool started = start_patiently(
      attempts(made, 3), stop, [&](const std::string& reason) { told.push_back(reason); }, fast);

  EXPECT_TRUE(started);
  EXPECT_EQ(made, 4);
  EXPECT_THAT(told, Contains("no database server answers at db1:3306"));
}

TEST_F(PatientStart, pauses_grow_up_to_the_longest) {
  std::atomic<int> made = 0;
  const auto begin = std::chrono::steady_clock::now();

  start_patiently(attempts(made, 4), stop, ignore,
                  {.first_pause = Milliseconds{20}, .longest_pause = Milliseconds{50}});

  // 20 + 40 + 50 + 50
  EXPECT_GE(std::chrono::steady_clock::now() - begin, Milliseconds{160});
}

TEST_F(PatientStart, what_no_waiting_mends_ends_the_start) {
  const auto wrong = [] { throw StartError("check DB_USER and DB_PASSWORD"); };

  EXPECT_THROW(start_patiently(wrong, stop, ignore, fast), StartError);
}

TEST_F(PatientStart, a_stop_does_not_wait_for_an_attempt_that_hangs) {
  const auto end = std::make_shared<std::binary_semaphore>(0);
  std::vector<std::string> told;
  const auto waiting = [&](const std::string& reason) {
    told.push_back(reason);
    ::kill(::getpid(), SIGTERM);
  };

  const bool started = start_patiently([end] { end->acquire(); }, stop, waiting, fast);

  EXPECT_FALSE(started);
  EXPECT_THAT(told, Each("it has not answered yet"));
  end->release();
}

TEST_F(PatientStart, a_stop_ends_the_pause) {
  std::atomic<int> made = 0;
  const auto waiting = [&](const std::string&) {
    if (made > 0) ::kill(::getpid(), SIGTERM);
  };

  EXPECT_FALSE(start_patiently(attempts(made, 100), stop, waiting,
                               {.first_pause = std::chrono::hours{1}, .beat = Milliseconds{0}}));
}

}  // namespace
}  // namespace wl
