#include <fmt/format.h>

#include <limits>

#include "storage/rollup/sealed.hpp"
#include "storage/rollup/testing/buckets.hpp"

namespace wl::storage {
namespace {

using testing::any_bucket;
using testing::block_of;
using testing::coded_back;
using testing::same_buckets;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double bytes_a_bucket(Tier tier, const std::vector<Sample>& samples) {
  const std::vector<Bucket> buckets = block_of(tier, samples);
  const std::string block = encode_buckets(tier, buckets);
  return static_cast<double>(block.size()) / static_cast<double>(buckets.size());
}

/// A bucket of one sample in the minute `minute` of some hour.
Bucket minute_with(int minute, double value) {
  const Timestamp hour = floor_to(from_unix_ms(testing::an_hour), std::chrono::hours{1});
  return first_bucket(Tier::minute, {testing::some_point, value, quality::good,
                                     hour + std::chrono::minutes{minute} + Milliseconds{17}});
}

std::vector<Bucket> minutes_with(const std::vector<double>& values) {
  std::vector<Bucket> buckets;
  for (const double value : values)
    buckets.push_back(minute_with(static_cast<int>(buckets.size()), value));
  return buckets;
}

std::vector<Bucket> any_block(Tier tier, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto block = static_cast<std::int64_t>(random() % 400'000) - 200'000;
  std::vector<Bucket> buckets;
  for (std::size_t i = 0; i < block_capacity(tier); ++i) {
    const Timestamp start{block * block_length(tier) +
                          static_cast<std::int64_t>(i) * bucket_length(tier)};
    if (random() % (1 + seed % 9) == 0) buckets.push_back(any_bucket(tier, start, random));
  }
  if (buckets.empty())
    buckets.push_back(any_bucket(tier, Timestamp{block * block_length(tier)}, random));
  return buckets;
}

std::vector<std::uint64_t> seeds_that_differ(Tier tier, std::uint64_t runs) {
  std::vector<std::uint64_t> differ;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const std::vector<Bucket> buckets = any_block(tier, seed);
    if (!same_buckets(coded_back(tier, buckets), buckets)) differ.push_back(seed);
  }
  return differ;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

bool refused(Tier tier, std::string_view block) {
  const auto buckets = decode_buckets(tier, block);
  return !buckets && buckets.error().code == Errc::corrupt && !buckets.error().what.empty();
}

std::vector<std::size_t> damage_unnoticed(const std::string& block) {
  std::vector<std::size_t> unnoticed;
  for (std::size_t bit = 0; bit < block.size() * 8; ++bit)
    if (!refused(Tier::minute, testing::with_flipped_bit(block, bit))) unnoticed.push_back(bit);
  for (std::size_t size = 0; size < block.size(); ++size)
    if (!refused(Tier::minute, block.substr(0, size))) unnoticed.push_back(size);
  return unnoticed;
}

OpenBuckets open_of(const std::vector<Sample>& samples) {
  OpenBuckets open;
  for (std::size_t i = 0; i < open.of_tier.size(); ++i)
    open.of_tier[i] = build_buckets(all_tiers[i], samples, testing::always_alive()).back();
  return open;
}

TEST(BucketCodec, a_block_of_each_tier_comes_back) {
  const std::vector<Sample> day = testing::with_jitter(testing::noisy_power(86'400, 1), 2);

  EXPECT_TRUE(same_buckets(coded_back(Tier::minute, block_of(Tier::minute, day)),
                           block_of(Tier::minute, day)));
  EXPECT_TRUE(same_buckets(coded_back(Tier::quarter, block_of(Tier::quarter, day)),
                           block_of(Tier::quarter, day)));
  EXPECT_TRUE(
      same_buckets(coded_back(Tier::hour, block_of(Tier::hour, day)), block_of(Tier::hour, day)));
}

TEST(BucketCodec, fields_of_any_bits_come_back) {
  EXPECT_THAT(seeds_that_differ(Tier::minute, 300), ::testing::IsEmpty());
  EXPECT_THAT(seeds_that_differ(Tier::quarter, 200), ::testing::IsEmpty());
  EXPECT_THAT(seeds_that_differ(Tier::hour, 100), ::testing::IsEmpty());
}

TEST(BucketCodec, values_that_are_no_decimals_come_back) {
  const std::vector<Bucket> odd = minutes_with({0.1, -0.0, 5e-324, 1e308, -1e-300, 1.0 / 3});
  const std::vector<Bucket> large = minutes_with({4503599627370497.0, 0.001, 9007199254740993.0});
  const std::vector<Bucket> floats = minutes_with({0.1f, 2.345f, -7.001f});

  EXPECT_TRUE(same_buckets(coded_back(Tier::minute, odd), odd));
  EXPECT_TRUE(same_buckets(coded_back(Tier::minute, large), large));
  EXPECT_TRUE(same_buckets(coded_back(Tier::minute, floats), floats));
}

TEST(BucketCodec, totals_that_overflowed_come_back) {
  std::vector<Bucket> buckets = minutes_with({1.5, 2.5, 3.5});
  buckets[0].sum = infinity;
  buckets[1].sum = -infinity;
  buckets[2].integral = not_a_number;

  EXPECT_TRUE(same_buckets(coded_back(Tier::minute, buckets), buckets));
}

TEST(BucketCodec, a_full_minute_block_of_noisy_power_takes_15_bytes_a_bucket) {
  const auto power = testing::with_jitter(testing::noisy_power(7200, 3), 4);

  EXPECT_LT(bytes_a_bucket(Tier::minute, power), 15);
  EXPECT_LT(bytes_a_bucket(Tier::minute, testing::as_floats(power)), 18);
}

/// One change in each minute, at any millisecond.
std::vector<Sample> a_change_a_minute(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Sample> samples = testing::constant(120, 0);
  const Timestamp hour = floor_to(from_unix_ms(testing::an_hour), std::chrono::hours{1});
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].source_time =
        hour + std::chrono::minutes{i} + Milliseconds{static_cast<std::int64_t>(random() % 60'000)};
    samples[i].value = static_cast<double>(random() % 4);
  }
  return samples;
}

TEST(BucketCodec, a_point_that_hardly_changes_takes_few_bytes) {
  EXPECT_LT(bytes_a_bucket(Tier::minute, a_change_a_minute(4)), 4);
  EXPECT_LT(bytes_a_bucket(Tier::minute, testing::rare_changes(200, 90, 5)), 9);
  EXPECT_LT(bytes_a_bucket(Tier::minute, testing::constant(7200, 21.5)), 2);
}

TEST(BucketCodec, a_flipped_bit_or_a_cut_anywhere_is_noticed) {
  const std::string block =
      encode_buckets(Tier::minute, block_of(Tier::minute, testing::noisy_power(900, 7)));

  EXPECT_THAT(damage_unnoticed(block), ::testing::IsEmpty());
}

TEST(BucketCodec, a_block_of_another_tier_is_refused) {
  const std::string block = encode_buckets(Tier::minute, minutes_with({1, 2}));

  EXPECT_TRUE(refused(Tier::quarter, block));
}

TEST(BucketCodec, a_newer_version_is_a_conflict_and_no_damage) {
  std::string block = encode_buckets(Tier::minute, minutes_with({1, 2}));
  rollup::seal(block, 2);

  const auto buckets = decode_buckets(Tier::minute, block);

  ASSERT_FALSE(buckets.has_value());
  EXPECT_EQ(buckets.error().code, Errc::conflict);
  EXPECT_THAT(buckets.error().what, ::testing::HasSubstr("version 2"));
}

TEST(BucketCodec, version_1_is_read_for_ever) {
  const std::string block = encode_buckets(Tier::minute, minutes_with({1.5, 2.25}));

  EXPECT_EQ(hex(block), "01320b5af00102828002b0ea821cac020000220700008025");
}

TEST(OpenBuckets, come_back_with_all_three_tiers_or_fewer) {
  const OpenBuckets all = open_of(testing::with_jitter(testing::noisy_power(5000, 8), 9));
  OpenBuckets some = all;
  some.of_tier[1].reset();

  EXPECT_EQ(decode_open(encode_open(all)).value(), all);
  EXPECT_EQ(decode_open(encode_open(some)).value(), some);
  EXPECT_EQ(decode_open(encode_open({})).value(), OpenBuckets{});
}

TEST(OpenBuckets, take_a_hundred_bytes) {
  const OpenBuckets open = open_of(testing::with_jitter(testing::noisy_power(5000, 8), 9));

  EXPECT_LT(encode_open(open).size(), 100u);
}

std::vector<std::uint64_t> open_seeds_that_differ(std::uint64_t runs) {
  std::vector<std::uint64_t> differ;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    std::mt19937_64 random(seed);
    OpenBuckets open;
    for (std::size_t i = 0; i < open.of_tier.size(); ++i)
      if (random() % 4 > 0)
        open.of_tier[i] =
            any_bucket(all_tiers[i], Timestamp{std::chrono::hours{random() % 9}}, random);
    const auto back = decode_open(encode_open(open));
    if (!back || !testing::same_open(*back, open)) differ.push_back(seed);
  }
  return differ;
}

TEST(OpenBuckets, of_any_bits_come_back) {
  EXPECT_THAT(open_seeds_that_differ(1000), ::testing::IsEmpty());
}

TEST(OpenBuckets, damage_is_refused) {
  const std::string bytes = encode_open(open_of(testing::noisy_power(100, 1)));

  const auto flipped = decode_open(testing::with_flipped_bit(bytes, 8 * 9));
  const auto cut = decode_open(std::string_view(bytes).substr(0, bytes.size() - 1));

  EXPECT_EQ(flipped.error().code, Errc::corrupt);
  EXPECT_EQ(cut.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace wl::storage
