#include "base/stop_signal.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <ctime>

namespace wl {
namespace {

TEST(StopSignal, is_silent_until_asked_and_stays_asked) {
  StopSignal stop;
  EXPECT_FALSE(stop.wait(std::chrono::milliseconds{0}));

  ::raise(SIGTERM);

  EXPECT_TRUE(stop.wait(std::chrono::seconds{10}));
  EXPECT_TRUE(stop.wait(std::chrono::milliseconds{0}));

  sigset_t signals;  // Take it off the process again.
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  const timespec at_once{};
  EXPECT_EQ(::sigtimedwait(&signals, nullptr, &at_once), SIGTERM);
}

}  // namespace
}  // namespace wl
