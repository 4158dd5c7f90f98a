// Thousands of seeded lives, each with power cuts, kills, failing calls and full disks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/spool/testing/spool_story.hpp"

namespace wl::storage::spool {
namespace {

struct Found {
  std::vector<std::string> broken;
  StoryCounts counts;
};

Found run_stories(std::uint64_t first, std::uint64_t count, const StoryOptions& options) {
  Found found;
  for (std::uint64_t seed = first; seed < first + count && found.broken.size() < 5; ++seed) {
    const std::string what = run_story(seed, options, found.counts);
    if (!what.empty()) found.broken.push_back(what);
  }
  return found;
}

TEST(SpoolCrash, nothing_acknowledged_is_lost_and_nothing_else_appears) {
  const Found found = run_stories(1, 3000, {});

  EXPECT_THAT(found.broken, testing::IsEmpty());
  EXPECT_GT(found.counts.power_cuts, 3000u);
  EXPECT_GT(found.counts.kills, 1000u);
  EXPECT_GT(found.counts.faults, 3000u);
  EXPECT_GT(found.counts.acknowledged, 20'000u);
  EXPECT_GT(found.counts.torn_tails, 100u);
  EXPECT_EQ(found.counts.dropped, 0u);
}

TEST(SpoolCrash, what_a_small_spool_drops_is_told_and_the_rest_is_there) {
  const Found found = run_stories(100'000, 1500, {.capacity_bytes = 64u << 10});

  EXPECT_THAT(found.broken, testing::IsEmpty());
}

TEST(SpoolCrash, acknowledging_before_the_sync_is_found) {
  const StoryOptions planted{.acknowledges = StoryOptions::Acknowledges::after_append};

  const Found found = run_stories(1, 50, planted);

  EXPECT_THAT(found.broken, testing::Contains(testing::HasSubstr("is lost")));
}

}  // namespace
}  // namespace wl::storage::spool
