#include "collector/oee/saved_state.hpp"

#include "collector/oee/test_line.hpp"

namespace wl::collector::oee {
namespace {

AccountState full_state() {
  LineRules rules = test_rules();
  rules.product = PointId{3};
  rules.free_break = std::chrono::minutes{5};
  TestLine line({shift_of(0, 3000)}, rules, {.late_horizon = std::chrono::hours{1}});
  line.state(0, running).count(0, 90).reject(0, 1).add(3, 0, 2).alive(0, 100);
  line.pieces(0, 5900, 33, 90).state(20, fault).state(95, standby).add(2, 5000, 7).batch();
  return line.account().state();
}

std::size_t flips_unnoticed(const std::string& bytes) {
  std::size_t unnoticed = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    unnoticed += restore(damaged) ? 1 : 0;
  }
  return unnoticed;
}

TEST(OeeState, comes_back_as_it_was_saved) {
  const AccountState state = full_state();
  const AccountState read = restore(save(state)).value();

  EXPECT_EQ(read.key, state.key);
  EXPECT_EQ(read.carry, state.carry);
  EXPECT_EQ(read.readings.states, state.readings.states);
  EXPECT_EQ(read.readings.products, state.readings.products);
  EXPECT_EQ(read.readings.counts, state.readings.counts);
  EXPECT_EQ(read.readings.rejects, state.readings.rejects);
  EXPECT_EQ(read.alive, state.alive);
  EXPECT_EQ(read.given, state.given);
}

TEST(OeeState, an_empty_one_too) {
  EXPECT_EQ(restore(save({})).value().carry, Carry{});
}

TEST(OeeState, every_flipped_bit_is_noticed) {
  EXPECT_EQ(flips_unnoticed(save(full_state())), 0u);
}

TEST(OeeState, a_newer_format_is_refused_with_what_to_do) {
  EXPECT_EQ(restore("").error().code, Errc::corrupt);
  EXPECT_EQ(restore("WLELxxxxxxxxx").error().what, "this is no saved state of the OEE");
}

}  // namespace
}  // namespace wl::collector::oee
