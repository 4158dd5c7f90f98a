#include "storage/historian/hot_part.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <random>

#include "storage/chunk/testing/series.hpp"
#include "storage/historian/testing/sign_hot_part.hpp"

namespace wl::storage {
namespace {

using testing::an_hour;
using testing::same_bits;
using testing::with_flipped_bit;

const Timestamp hour = hour_of(from_unix_ms(an_hour));

std::vector<Sample> series(std::size_t count, std::int64_t first_ms, std::int64_t step_ms) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back(
        {.point = testing::some_point,
         .value = static_cast<double>(i) / 8,
         .quality = quality::good,
         .source_time = hour + Milliseconds{first_ms + static_cast<std::int64_t>(i) * step_ms}});
  }
  return samples;
}

HotPart part_of(HotPartWriter& writer) {
  return {.segment = 0, .hour = hour, .batch = 1, .body = writer.finish()};
}

/// Three points, one of them with every kind of quality and value.
HotPart some_part() {
  HotPartWriter writer;
  writer.add(0, hour, series(10, 0, 1000));
  std::vector<Sample> mixed = series(5, 7, 700'000);
  mixed[1].quality = quality::bad_no_communication;
  mixed[2].value = std::numeric_limits<double>::quiet_NaN();
  mixed[4].value = -0.0;
  writer.add(5, hour, mixed);
  writer.add(63, hour, series(1, 3'599'999, 1));
  return part_of(writer);
}

std::vector<Sample> read(const HotPart& part, std::uint32_t slot) {
  std::vector<Sample> samples;
  EXPECT_TRUE(read_hot(part, slot, testing::some_point, samples));
  return samples;
}

/// True when reading all slots of a damaged body tells that it is corrupt.
bool noticed(HotPart part, std::string body) {
  part.body = std::move(body);
  std::vector<Sample> samples;
  bool found = false;
  for (const std::uint32_t slot : {0u, 5u, 63u}) {
    const auto got = read_hot(part, slot, testing::some_point, samples);
    found = found || (!got && got.error().code == Errc::corrupt);
  }
  return found;
}

std::vector<std::size_t> flips_unnoticed(const HotPart& part) {
  std::vector<std::size_t> unnoticed;
  for (std::size_t bit = 0; bit < part.body.size() * 8; ++bit)
    if (!noticed(part, with_flipped_bit(part.body, bit))) unnoticed.push_back(bit);
  return unnoticed;
}

std::vector<std::size_t> cuts_unnoticed(const HotPart& part) {
  std::vector<std::size_t> unnoticed;
  for (std::size_t size = 0; size < part.body.size(); ++size)
    if (!noticed(part, part.body.substr(0, size))) unnoticed.push_back(size);
  return unnoticed;
}

/// Random bytes with the right checksums: only the checks of the content are left.
std::size_t hostile_bodies_read(int count) {
  std::mt19937_64 random(3);
  std::size_t read = 0;
  for (int i = 0; i < count; ++i) {
    HotPartWriter writer;
    writer.add(5, hour, series(1 + random() % 20, 0, 1 + static_cast<std::int64_t>(random() % 99)));
    HotPart part = part_of(writer);
    testing::sign_hot_part(part.body, [&](std::string& body) {
      body[20 + random() % (body.size() - 20)] = static_cast<char>(random());
    });
    std::vector<Sample> samples;
    read += read_hot(part, 5, testing::some_point, samples) ? 1 : 0;
  }
  return read;
}

TEST(HotPart, gives_back_every_bit) {
  const HotPart part = some_part();

  std::vector<Sample> mixed = series(5, 7, 700'000);
  mixed[1].quality = quality::bad_no_communication;
  mixed[2].value = std::numeric_limits<double>::quiet_NaN();
  mixed[4].value = -0.0;
  EXPECT_TRUE(same_bits(read(part, 0), series(10, 0, 1000)));
  EXPECT_TRUE(same_bits(read(part, 5), mixed));
  EXPECT_TRUE(same_bits(read(part, 63), series(1, 3'599'999, 1)));
}

TEST(HotPart, a_point_that_has_no_part_in_it_has_no_samples) {
  EXPECT_TRUE(read(some_part(), 6).empty());
}

TEST(HotPart, tells_who_is_in_it) {
  const auto entries = hot_entries(some_part().body).value();

  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[1].slot, 5u);
  EXPECT_EQ(entries[1].count, 5u);
}

std::size_t size_of(const std::vector<Sample>& samples) {
  HotPartWriter writer;
  writer.add(1, hour, samples);
  const HotPart part = part_of(writer);
  EXPECT_TRUE(same_bits(read(part, 1), samples));
  return part.body.size();
}

std::vector<Sample> with_values(std::vector<Sample> samples, double (*value)(std::size_t)) {
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].value = value(i);
  return samples;
}

TEST(HotPart, a_decimal_a_second_takes_two_bytes) {
  const auto power = [](std::size_t i) { return static_cast<double>(i * 7919 % 4000) / 1000; };

  EXPECT_LT(size_of(with_values(series(3600, 0, 1000), power)), 3600u * 2 + 40);
}

TEST(HotPart, a_decimal_that_was_a_float_takes_two_bytes) {
  const auto power = [](std::size_t i) {
    return static_cast<double>(static_cast<float>(i * 7919 % 4000) / 1000);
  };

  EXPECT_LT(size_of(with_values(series(3600, 0, 1000), power)), 3600u * 2 + 40);
}

TEST(HotPart, any_other_double_takes_its_eight_bytes) {
  const auto odd = [](std::size_t i) { return 1 / static_cast<double>(i + 3); };

  EXPECT_LT(size_of(with_values(series(3600, 0, 1000), odd)), 3600u * 8 + 40);
}

TEST(HotPart, values_that_no_grid_takes_all_of_come_back) {
  const auto large_and_fine = [](std::size_t i) { return i == 1 ? 4503599627370497.0 : 0.001; };
  const auto wide_and_narrow = [](std::size_t i) {
    return i == 1 ? static_cast<double>(0.1f) : 0.1;
  };
  const auto strange = [](std::size_t i) {
    return i == 1 ? -0.0 : i == 2 ? std::numeric_limits<double>::infinity() : 5e-324;
  };

  EXPECT_GT(size_of(with_values(series(4, 0, 1000), large_and_fine)), 0u);
  EXPECT_GT(size_of(with_values(series(4, 0, 1000), wide_and_narrow)), 0u);
  EXPECT_GT(size_of(with_values(series(4, 0, 1000), strange)), 0u);
}

/// Any times of the hour; decimals, floats or any bits.
std::vector<Sample> any_samples(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Sample> samples =
      series(1 + random() % 100, 0, 1 + static_cast<std::int64_t>(random() % 30'000));
  const std::uint64_t kind = random() % 4;
  for (Sample& sample : samples) {
    if (seed % 3 == 0) sample.source_time += Milliseconds{static_cast<std::int64_t>(seed % 2)};
    if (random() % 50 == 0) sample.quality = quality::bad_no_communication;
    const std::uint64_t bits = random();
    const double decimal = static_cast<double>(bits % 200'000) / 100 - 1000;
    sample.value = kind == 0   ? decimal
                   : kind == 1 ? static_cast<double>(static_cast<float>(decimal))
                   : kind == 2 ? std::bit_cast<double>(bits)
                               : (bits % 20 == 0 ? std::bit_cast<double>(bits) : decimal);
  }
  return samples;
}

std::vector<std::uint64_t> seeds_that_differ(std::uint64_t runs) {
  std::vector<std::uint64_t> differ;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const std::vector<Sample> samples = any_samples(seed);
    HotPartWriter writer;
    writer.add(9, hour, samples);
    if (!same_bits(read(part_of(writer), 9), samples)) differ.push_back(seed);
  }
  return differ;
}

TEST(HotPart, series_of_every_kind_come_back) {
  EXPECT_TRUE(seeds_that_differ(500).empty());
}

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

TEST(HotPart, version_1_is_still_read) {
  const HotPart part{
      .segment = 0,
      .hour = hour,
      .batch = 1,
      .body = from_hex(
          "010100003f32bb3f050300002c0000008aee554c05e807e807010000000001000031800100000000"
          "0000000000000000000000000000c03f000000000000d03f")};
  std::vector<Sample> wanted = series(3, 5, 1000);
  wanted[1].quality = quality::bad_no_communication;

  EXPECT_TRUE(same_bits(read(part, 5), wanted));
}

TEST(HotPart, the_damage_of_one_point_does_not_hide_another) {
  HotPart part = some_part();
  part.body.back() = static_cast<char>(part.body.back() ^ 1);  // In slot 63.

  std::vector<Sample> samples;
  EXPECT_FALSE(read_hot(part, 63, testing::some_point, samples));
  EXPECT_EQ(read(part, 0).size(), 10u);
}

TEST(HotPart, every_flipped_bit_is_noticed) {
  EXPECT_TRUE(flips_unnoticed(some_part()).empty());
}

TEST(HotPart, every_cut_is_noticed) {
  EXPECT_TRUE(cuts_unnoticed(some_part()).empty());
}

TEST(HotPart, a_newer_version_is_told_from_damage) {
  HotPart part = some_part();
  testing::sign_hot_part(part.body, [](std::string& body) { body[0] = 3; });

  EXPECT_EQ(hot_entries(part.body).error().code, Errc::conflict);
}

TEST(HotPart, bytes_that_somebody_signed_are_not_believed_either) {
  EXPECT_LT(hostile_bodies_read(2000), 2000u);
}

TEST(HotPart, works_before_1970) {
  const Timestamp early{-std::chrono::hours{1}};
  std::vector<Sample> samples = series(2, 0, 1000);
  samples[0].source_time = early;
  samples[1].source_time = Timestamp{Milliseconds{-1}};
  HotPartWriter writer;
  writer.add(2, early, samples);
  const HotPart part{.segment = 0, .hour = early, .batch = 1, .body = writer.finish()};

  EXPECT_TRUE(same_bits(read(part, 2), samples));
}

}  // namespace
}  // namespace wl::storage
