#include "base/bounded_queue.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <thread>

#include "base/snapshot_cell.hpp"

namespace wl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(BoundedQueue, values_leave_in_order) {
  BoundedQueue<int> queue(3, WhenFull::refuse);
  queue.push(1);
  queue.push(2);

  EXPECT_THAT(queue.drain(), ElementsAre(1, 2));
  EXPECT_THAT(queue.drain(), IsEmpty());
}

TEST(BoundedQueue, a_full_queue_refuses_and_counts) {
  BoundedQueue<int> queue(1, WhenFull::refuse);

  EXPECT_TRUE(queue.push(1));
  EXPECT_FALSE(queue.push(2));

  EXPECT_EQ(queue.dropped(), 1u);
  EXPECT_THAT(queue.drain(), ElementsAre(1));
}

TEST(BoundedQueue, a_full_queue_drops_its_oldest_and_counts) {
  BoundedQueue<int> queue(2, WhenFull::drop_oldest);
  queue.push(1);
  queue.push(2);

  EXPECT_TRUE(queue.push(3));

  EXPECT_EQ(queue.dropped(), 1u);
  EXPECT_THAT(queue.drain(), ElementsAre(2, 3));
}

TEST(BoundedQueue, a_closed_queue_refuses_but_gives_what_it_holds) {
  BoundedQueue<int> queue(2, WhenFull::drop_oldest);
  queue.push(1);
  queue.close();

  EXPECT_FALSE(queue.push(2));
  EXPECT_TRUE(queue.closed());
  EXPECT_THAT(queue.drain(std::chrono::hours{1}), ElementsAre(1));
}

TEST(BoundedQueue, a_push_wakes_who_waits) {
  BoundedQueue<int> queue(2, WhenFull::refuse);
  std::thread producer([&] { queue.push(7); });

  EXPECT_THAT(queue.drain(std::chrono::seconds{10}), ElementsAre(7));
  producer.join();
}

TEST(BoundedQueue, closing_wakes_who_waits) {
  BoundedQueue<int> queue(2, WhenFull::refuse);
  std::thread closer([&] { queue.close(); });

  EXPECT_THAT(queue.drain(std::chrono::hours{1}), IsEmpty());
  closer.join();
}

TEST(BoundedQueue, takes_values_that_only_move) {
  BoundedQueue<std::unique_ptr<int>> queue(1, WhenFull::refuse);
  queue.push(std::make_unique<int>(5));

  EXPECT_EQ(*queue.drain().at(0), 5);
}

TEST(SnapshotCell, a_reader_keeps_what_it_got) {
  SnapshotCell<std::string> cell("old");
  const auto held = cell.get();

  cell.set("new");

  EXPECT_EQ(*held, "old");
  EXPECT_EQ(*cell.get(), "new");
}

}  // namespace
}  // namespace wl
