#include "alarm/state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace wl::alarm {
namespace {

/// What every event does in a state, in the order of Event: `.` ignored, `x` refused, `n` noted,
/// `?` by condition, else the digit of the new state.
std::string steps_of(State state) {
  std::string all;
  for (int event = 0; event < event_count; ++event) {
    const Step step = step_of(state, static_cast<Event>(event));
    const std::string to = std::to_string(static_cast<int>(step.to));
    all +=
        step.kind == Step::Kind::moves ? to : std::string(1, ".xn_?"[static_cast<int>(step.kind)]);
  }
  return all;
}

//                raise clear escalate | ack | shelve un | suppress un | out back | retire | facts
TEST(AlarmState, the_transitions_are_those_of_isa_18_2) {
  EXPECT_EQ(steps_of(State::normal), "1..x4x5.6.0nnn");
  EXPECT_EQ(steps_of(State::active_unacked), ".3n24x5.6.0nnn");
  EXPECT_EQ(steps_of(State::active_acked), ".01x4x5.6.0nnn");
  EXPECT_EQ(steps_of(State::cleared_unacked), "1..04x..6.0nnn");
  EXPECT_EQ(steps_of(State::shelved), "nnnxn?..6.0nnn");
  EXPECT_EQ(steps_of(State::suppressed), "nnnx4x.?6.0nnn");
  EXPECT_EQ(steps_of(State::out_of_service), "nnnxxx...?0nnn");
}

TEST(AlarmState, only_shelved_suppressed_and_out_of_service_are_hidden) {
  EXPECT_FALSE(is_hidden(State::normal));
  EXPECT_FALSE(is_hidden(State::active_unacked));
  EXPECT_FALSE(is_hidden(State::active_acked));
  EXPECT_FALSE(is_hidden(State::cleared_unacked));
  EXPECT_TRUE(is_hidden(State::shelved));
  EXPECT_TRUE(is_hidden(State::suppressed));
  EXPECT_TRUE(is_hidden(State::out_of_service));
}

TEST(AlarmState, words_go_there_and_back) {
  EXPECT_EQ(word(State::cleared_unacked), "cleared_unacked");
  EXPECT_EQ(state_from_word("out_of_service"), State::out_of_service);
  EXPECT_EQ(state_from_word("asleep"), std::nullopt);
  EXPECT_EQ(word(Event::announce), "announce");
}

}  // namespace
}  // namespace wl::alarm
