#include <gtest/gtest.h>

#include "collector/ledger/saved_state.hpp"
#include "collector/ledger/test_ledger.hpp"

namespace wl::collector::ledger {
namespace {

LedgerState some_state() {
  OneMeter press(counter_of_12_kw(), {.late_readings = 2});
  press.feed({reads(0, 100), reads(3, 100.1), reads(10, 3), reads(20, 3.1)}, {lives(0, 8)});
  return press.ledger.state();
}

int damaged_copies_that_pass(const std::string& bytes) {
  int passed = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string flipped = bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    passed += restore(flipped).has_value();
    passed += restore(bytes.substr(0, i)).has_value();
  }
  return passed;
}

TEST(LedgerSavedState, comes_back_as_it_was) {
  const LedgerState state = some_state();

  EXPECT_EQ(*restore(save(state)), state);
  EXPECT_FALSE(state.meters[0].told.empty());
  EXPECT_FALSE(state.meters[0].settled.held.empty() && state.meters[0].window.empty());
}

TEST(LedgerSavedState, every_flipped_bit_and_every_cut_is_found) {
  EXPECT_EQ(damaged_copies_that_pass(save(some_state())), 0);
}

TEST(LedgerSavedState, damage_is_named) {
  EXPECT_EQ(restore("").error().code, Errc::corrupt);
  EXPECT_EQ(restore("WLEL\1\0\0\0garbage").error().code, Errc::corrupt);
}

TEST(LedgerSavedState, a_meter_with_another_source_starts_anew) {
  const Ledger ledger({power_up_to_12_kw()}, {}, some_state());

  EXPECT_FALSE(ledger.state().meters[0].settled.mark.has_value());
}

}  // namespace
}  // namespace wl::collector::ledger
