// What any caller sees of a chunk: what comes back, what is refused, what is noticed.
#include "storage/chunk/chunk.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include "storage/chunk/testing/series.hpp"

namespace wl::storage {
namespace {

using testing::at;
using testing::back;
using testing::damage_found_in;
using testing::same_bits;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::int64_t first_ms = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t last_ms = std::numeric_limits<std::int64_t>::max();

TEST(Chunk, gives_back_decimals_times_and_qualities) {
  const std::vector<Sample> samples{at(1000, 12.345), at(2000, 12.347, quality::bad),
                                    at(3001, -0.5), at(9000, 0)};

  EXPECT_TRUE(same_bits(back(samples), samples));
}

TEST(Chunk, gives_back_a_single_sample) {
  const std::vector<Sample> samples{at(-1, 1e300, quality::uncertain_last_usable)};

  EXPECT_TRUE(same_bits(back(samples), samples));
}

TEST(Chunk, gives_back_each_class_of_bit_patterns_of_a_double) {
  const std::vector<Sample> samples = testing::series_of_bits(
      {0x0000000000000000, 0x8000000000000000, 0x0000000000000001, 0x800FFFFFFFFFFFFF,
       0x0010000000000000, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0xFFF0000000000000,
       0x7FF8000000000000, 0x7FF0000000000001, 0xFFF8DEADBEEF0001, 0x7FFFFFFFFFFFFFFF,
       0x3FF0000000000001, 0x4340000000000000, 0xC340000000000001, 0xFFFFFFFFFFFFFFFF});

  EXPECT_TRUE(same_bits(back(samples), samples));
}

TEST(Chunk, keeps_odd_values_among_decimals_at_the_price_of_a_patch_each) {
  std::vector<Sample> samples = testing::noisy_power(1000, 7);
  const std::size_t plain = encode_chunk(samples)->size();
  samples[0].value = -0.0;
  samples[500].value = std::bit_cast<double>(0x7FF00000DEADBEEFu);
  samples[501].value = -infinite;
  samples[999].value = 1e-300;

  EXPECT_TRUE(same_bits(back(samples), samples));
  EXPECT_LT(encode_chunk(samples)->size(), plain + 80);
}

TEST(Chunk, gives_back_times_at_both_ends_of_64_bits) {
  const std::vector<Sample> samples{at(first_ms, 1), at(first_ms + 1, 2), at(0, 3),
                                    at(last_ms - 1, 4), at(last_ms, 5)};

  EXPECT_TRUE(same_bits(back(samples), samples));
}

TEST(Chunk, gives_back_as_many_samples_as_it_may_hold) {
  const std::vector<Sample> samples = testing::noisy_power(max_chunk_samples, 3);

  EXPECT_TRUE(same_bits(back(samples), samples));
}

TEST(Chunk, keeps_a_constant_hour_in_a_few_bytes) {
  EXPECT_LT(encode_chunk(testing::constant(3600, 21.5))->size(), 140u);
}

TEST(Chunk, keeps_noisy_decimals_of_floats_as_small_as_those_of_doubles) {
  const std::vector<Sample> wide = testing::noisy_power(3600, 5);
  const std::vector<Sample> narrow = testing::as_floats(wide);

  EXPECT_TRUE(same_bits(back(narrow), narrow));
  EXPECT_NEAR(static_cast<double>(encode_chunk(narrow)->size()),
              static_cast<double>(encode_chunk(wide)->size()), 64);
}

TEST(Chunk, refuses_no_samples) {
  EXPECT_EQ(encode_chunk({}).error().code, Errc::invalid_argument);
}

TEST(Chunk, refuses_more_samples_than_the_limit) {
  const auto refused = encode_chunk(testing::constant(max_chunk_samples + 1, 1));

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, ::testing::HasSubstr("360001"));
}

TEST(Chunk, refuses_samples_out_of_order_and_names_the_place) {
  const auto refused = encode_chunk(std::vector{at(1, 0), at(3, 0), at(2, 0)});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
  EXPECT_THAT(refused.error().what, ::testing::HasSubstr("sample 2 at 2 ms precedes sample 1"));
}

TEST(Chunk, refuses_two_samples_of_one_time) {
  const auto refused = encode_chunk(std::vector{at(1, 0), at(1, 0)});

  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, ::testing::HasSubstr("duplicates"));
}

TEST(Chunk, refuses_samples_of_two_points) {
  std::vector<Sample> samples{at(1, 0), at(2, 0)};
  samples[1].point = PointId{9};

  EXPECT_THAT(encode_chunk(samples).error().what, ::testing::HasSubstr("one point"));
}

TEST(Chunk, sums_up_the_usable_samples_alone) {
  const auto chunk =
      encode_chunk(std::vector{at(1, -9, quality::bad), at(2, 2.5), at(3, not_a_number), at(4, -1),
                               at(5, 4), at(6, infinite)});

  const auto summary = chunk_summary(std::string_view(*chunk).substr(0, chunk_header_bytes));

  ASSERT_TRUE(summary) << summary.error().what;
  EXPECT_EQ(summary->count, 6u);
  EXPECT_EQ(summary->usable, 3u);
  EXPECT_EQ(to_unix_ms(summary->first_time), 1);
  EXPECT_EQ(to_unix_ms(summary->last_time), 6);
  EXPECT_EQ(summary->min, -1);
  EXPECT_EQ(summary->max, 4);
  EXPECT_EQ(summary->sum, 5.5);
  EXPECT_EQ(summary->first, 2.5);
  EXPECT_EQ(summary->last, 4);
}

TEST(Chunk, has_no_statistics_without_a_usable_sample) {
  const auto chunk = encode_chunk(std::vector{at(1, 5, quality::bad)});

  const auto summary = chunk_summary(*chunk);

  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->usable, 0u);
  EXPECT_EQ(summary->sum, 0);
  EXPECT_TRUE(std::isnan(summary->min) && std::isnan(summary->max));
  EXPECT_TRUE(std::isnan(summary->first) && std::isnan(summary->last));
}

TEST(Chunk, notices_that_it_was_cut_at_any_length) {
  const std::string chunk = *encode_chunk(testing::small_mixed_hour());

  EXPECT_EQ(testing::cuts_unnoticed(chunk), std::vector<std::size_t>{});
}

TEST(Chunk, notices_every_single_flipped_bit) {
  const std::string chunk = *encode_chunk(testing::small_mixed_hour());

  EXPECT_EQ(testing::flips_unnoticed(chunk), std::vector<std::size_t>{});
}

TEST(Chunk, notices_every_flipped_bit_of_its_header_in_the_summary) {
  const std::string chunk = *encode_chunk(testing::small_mixed_hour());

  EXPECT_EQ(testing::header_flips_unnoticed(chunk), std::vector<std::size_t>{});
}

TEST(Chunk, notices_bytes_behind_its_end) {
  const std::string chunk = *encode_chunk(testing::small_mixed_hour());

  EXPECT_THAT(damage_found_in(chunk + '\0'), ::testing::HasSubstr("too many"));
}

TEST(Chunk, says_that_other_bytes_are_not_a_chunk) {
  EXPECT_THAT(damage_found_in(std::string(500, 'x')), ::testing::HasSubstr("not a chunk"));
  EXPECT_THAT(damage_found_in(""), ::testing::HasSubstr("cut at byte 0"));
}

}  // namespace
}  // namespace wl::storage
