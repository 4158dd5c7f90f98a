#include "plc/runtime/retain_rotation.hpp"

#include <random>
#include <vector>

namespace wl::plc {
namespace {

/// The files of the next `count` writes.
std::vector<std::size_t> write(RetainRotation& rotation, int count) {
  std::vector<std::size_t> files;
  for (int i = 0; i < count; ++i) {
    files.push_back(rotation.next());
    rotation.written(files.back());
  }
  return files;
}

TEST(RetainRotation, writes_go_round_and_never_hit_the_newest) {
  RetainRotation rotation(std::nullopt);
  EXPECT_THAT(write(rotation, 6), ::testing::ElementsAre(0, 1, 2, 3, 0, 1));
}

TEST(RetainRotation, the_loaded_file_is_not_overwritten_until_another_is_on_the_disk) {
  RetainRotation rotation(2);
  EXPECT_THAT(write(rotation, 20), ::testing::Not(::testing::Contains(2)));
}

TEST(RetainRotation, a_failed_sync_leaves_the_old_file_the_safe_one) {
  RetainRotation rotation(2);
  rotation.written(rotation.next());
  ASSERT_EQ(rotation.begin_sync(), std::optional<std::size_t>(0));

  rotation.end_sync(false);

  EXPECT_EQ(rotation.synced(), std::optional<std::size_t>(2));
  EXPECT_EQ(rotation.begin_sync(), std::optional<std::size_t>(0));
}

TEST(RetainRotation, nothing_new_needs_no_sync) {
  RetainRotation rotation(1);
  EXPECT_EQ(rotation.begin_sync(), std::nullopt);
}

TEST(RetainRotation, only_one_sync_is_under_way) {
  RetainRotation rotation(std::nullopt);
  rotation.written(0);
  rotation.begin_sync();
  rotation.written(rotation.next());
  EXPECT_EQ(rotation.begin_sync(), std::nullopt);
}

/// Random writes, syncs and failures; counts writes into a file that must stay whole.
std::size_t forbidden_writes(unsigned seed) {
  std::mt19937 random(seed);
  RetainRotation rotation(std::nullopt);
  std::size_t forbidden = 0;
  for (int step = 0; step < 10'000; ++step) {
    const auto roll = random() % 10;
    if (roll == 0) {
      rotation.begin_sync();
    } else if (roll == 1 && rotation.syncing()) {
      rotation.end_sync(random() % 4 != 0);
    } else {
      const std::size_t file = rotation.next();
      forbidden +=
          file == rotation.last_written() || file == rotation.synced() || file == rotation.syncing()
              ? 1
              : 0;
      rotation.written(file);
    }
  }
  return forbidden;
}

TEST(RetainRotation, no_order_of_events_endangers_the_last_synced_image) {
  EXPECT_EQ(forbidden_writes(1), 0u);
  EXPECT_EQ(forbidden_writes(2), 0u);
  EXPECT_EQ(forbidden_writes(3), 0u);
}

}  // namespace
}  // namespace wl::plc
