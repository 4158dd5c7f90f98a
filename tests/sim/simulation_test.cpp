#include "tests/sim/simulation.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

namespace wl::sim {
namespace {

/// The first seed that finds it; nothing: none of them.
RunReport first_finding(Bug bug, std::uint64_t seeds) {
  spdlog::set_level(spdlog::level::off);
  RunReport report;
  for (std::uint64_t seed = 1; seed <= seeds && report.broken.empty(); ++seed)
    report = run({.seed = seed, .days = 1, .bug = bug, .trace_file = ""});
  return report;
}

class PlantedBug : public testing::TestWithParam<Bug> {};

TEST_P(PlantedBug, is_found_within_a_few_seeds) {
  constexpr std::uint64_t few = 6;

  EXPECT_NE(first_finding(GetParam(), few).broken, "");
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedBug,
                         testing::Values(Bug::acknowledge_before_sync, Bug::double_rollup_on_retry,
                                         Bug::dropped_batch, Bug::missing_gap,
                                         Bug::release_before_commit),
                         [](const auto& planted) { return std::string(name_of(planted.param)); });

TEST(Simulation, finds_nothing_where_nothing_is_planted) {
  EXPECT_EQ(first_finding(Bug::none, 6).broken, "");
}

TEST(Simulation, the_same_seed_gives_the_same_trace) {
  const RunReport once = run({.seed = 5, .days = 1, .bug = Bug::none, .trace_file = ""});
  const RunReport again = run({.seed = 5, .days = 1, .bug = Bug::none, .trace_file = ""});

  EXPECT_EQ(once.hash, again.hash);
  EXPECT_GT(once.events, 10'000u);
}

TEST(Simulation, another_seed_gives_another_trace) {
  const RunReport one = run({.seed = 5, .days = 1, .bug = Bug::none, .trace_file = ""});
  const RunReport other = run({.seed = 6, .days = 1, .bug = Bug::none, .trace_file = ""});

  EXPECT_NE(one.hash, other.hash);
}

}  // namespace
}  // namespace wl::sim
