#include "storage/historian/hot_minutes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/historian/hot_part.hpp"
#include "storage/historian/rollup_reader.hpp"
#include "storage/historian/testing/memory_tables.hpp"
#include "storage/rollup/bucket_math.hpp"
#include "storage/rollup/testing/buckets.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Timestamp hour = hour_of(from_unix_ms(testing::an_hour));
constexpr PointRow a{3};
constexpr PointRow b{70};  // Of another segment.

Timestamp minute(int number) {
  return hour + std::chrono::minutes{number};
}

Bucket bucket(int number, double value) {
  return first_bucket(
      Tier::minute, {testing::some_point, value, quality::good, minute(number) + Milliseconds{17}});
}

class HotMinutes : public ::testing::Test {
 protected:
  void close(PointRow row, int number, double value) {
    const std::vector<ClosedBucket> closed{{Tier::minute, row, bucket(number, value)}};
    put_hot_minutes(tables_, closed);
  }
  void open(PointRow row, int number, double value) {
    OpenBuckets open;
    open.of_tier[0] = bucket(number, value);
    tables_.put_open(std::vector<OpenRow>{{row, encode_open(open)}});
  }
  BucketRange read(PointRow row, int from, int to) {
    return read_buckets(tables_, read_open(tables_, row), row, Tier::minute, minute(from),
                        minute(to));
  }
  std::vector<BlockRow> blocks(PointRow row) {
    return tables_.blocks(Tier::minute, row, Timestamp::min(), Timestamp::max());
  }

  MemoryTables tables_{std::make_shared<MemoryContent>()};
};

TEST_F(HotMinutes, of_one_point_are_read_without_the_others) {
  close(a, 1, 1.5);
  close(PointRow{4}, 1, 2.5);
  close(a, 2, 3.5);
  close(b, 2, 4.5);

  EXPECT_THAT(hot_minutes_of(tables_, a, minute(0), minute(60)),
              ElementsAre(bucket(1, 1.5), bucket(2, 3.5)));
  EXPECT_THAT(hot_minutes_of(tables_, a, minute(2), minute(3)), ElementsAre(bucket(2, 3.5)));
}

TEST_F(HotMinutes, and_the_growing_bucket_are_one_series) {
  close(a, 1, 1);
  close(a, 2, 2);
  open(a, 3, 3);

  const BucketRange range = read(a, 2, 60);

  EXPECT_THAT(range.buckets, ElementsAre(bucket(2, 2), bucket(3, 3)));
  EXPECT_EQ(range.before, bucket(1, 1));
}

TEST_F(HotMinutes, tell_what_is_held_however_long_ago_it_was) {
  close(a, 1, 1);
  close(PointRow{4}, 58, 9);
  open(a, 59, 3);

  EXPECT_EQ(read(a, 59, 60).before, bucket(1, 1));
}

TEST_F(HotMinutes, a_newer_block_is_nearer_than_an_older_hot_minute) {
  close(a, 1, 1);
  store_closed(tables_, {{Tier::minute, a, bucket(61, 2)}});
  open(a, 130, 3);

  EXPECT_EQ(read(a, 125, 180).before, bucket(61, 2));
}

TEST_F(HotMinutes, become_blocks_beside_what_is_there) {
  store_closed(tables_, {{Tier::minute, a, bucket(30, 5)}});
  close(a, 1, 1);
  close(a, 40, 2);
  close(PointRow{4}, 40, 3);
  close(a, 61, 4);  // Of the next hour.

  fold_hot_minutes(tables_, {segment_of(a), hour});

  ASSERT_EQ(blocks(a).size(), 1u);
  EXPECT_THAT(decode_buckets(Tier::minute, blocks(a).front().body).value(),
              ElementsAre(bucket(1, 1), bucket(30, 5), bucket(40, 2)));
  EXPECT_EQ(blocks(PointRow{4}).size(), 1u);
  EXPECT_THAT(hot_minutes_of(tables_, a, minute(0), minute(120)), ElementsAre(bucket(61, 4)));
}

TEST_F(HotMinutes, any_bucket_fits_into_an_entry) {
  std::mt19937_64 random(1);
  std::string body;
  for (std::uint32_t slot = 0; slot < segment_points; ++slot)
    put_minute(body, slot, testing::any_bucket(Tier::minute, minute(7), random));

  EXPECT_EQ(read_minute({0, minute(7), body}).value().size(), segment_points);
}

TEST_F(HotMinutes, damage_is_told) {
  std::string body;
  put_minute(body, 3, bucket(1, 1.5));
  std::string flipped = body;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  std::string stray = body;
  stray[0] = 64;

  EXPECT_THAT(read_minute({0, minute(1), body.substr(0, 1)}).error().what, HasSubstr("is cut"));
  EXPECT_THAT(read_minute({0, minute(1), body.substr(0, 9)}).error().what, HasSubstr("is cut"));
  EXPECT_EQ(read_minute({0, minute(1), flipped}).error().code, Errc::corrupt);
  EXPECT_THAT(read_minute({0, minute(1), stray}).error().what, HasSubstr("impossible slot"));
  EXPECT_THAT(read_minute({0, minute(2), body}).error().what, HasSubstr("another time"));
  EXPECT_THAT(read_minute({0, minute(2), body}, 4).value(), IsEmpty());
}

TEST_F(HotMinutes, damage_ends_a_read_with_its_place) {
  std::string body;
  put_minute(body, 3, bucket(1, 1.5));
  body.back() = static_cast<char>(body.back() ^ 1);
  tables_.append_hot_minutes(std::vector<HotMinute>{{0, minute(1), body}});

  EXPECT_THAT([&] { hot_minutes_of(tables_, a, minute(0), minute(9)); },
              ::testing::Throws<DatabaseError>(::testing::Property(
                  &DatabaseError::what, HasSubstr("closed minutes"))));
}

}  // namespace
}  // namespace wl::storage
