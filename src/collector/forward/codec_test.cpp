#include "collector/forward/codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "collector/test_plant.hpp"

namespace wl::collector {
namespace {

Sample sample(std::uint32_t point, double value, std::int64_t ms) {
  return {PointId{point}, value, quality::good, at(ms)};
}

/// Compares bits, because NaN is not equal to itself and -0 is equal to 0.
std::vector<std::uint64_t> bits_of(const std::vector<Sample>& samples) {
  std::vector<std::uint64_t> bits;
  for (const Sample& each : samples) bits.push_back(std::bit_cast<std::uint64_t>(each.value));
  return bits;
}

Record round_trip(const Record& record) {
  return decode_record(encode_record(record, 9)).value().record;
}

TEST(RecordCodec, a_record_comes_back_as_it_was) {
  Record record;
  record.samples = {
      sample(0, 3.127, 100), sample(1, 1, 100), {PointId{7}, -2.5, quality::bad, at(-90)}};
  record.intervals = {gap(0, 50, "the link was lost"), alive(50, 250)};
  record.alarms.resize(1);
  record.alarms[0].id = 12;
  record.alarms[0].message = "功率过高 / power too high";
  record.alarms[0].cleared_at = at(300);
  record.alarm_journal.resize(2);
  record.alarm_journal[1].by = "admin";

  const auto decoded = decode_record(encode_record(record, 77));

  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->points_id, 77u);
  EXPECT_EQ(decoded->record, record);
}

TEST(RecordCodec, every_double_keeps_its_bits) {
  using Limits = std::numeric_limits<double>;
  Record record;
  for (const double value : {0.0, -0.0, 1.0 / 3, Limits::quiet_NaN(), -Limits::infinity(),
                             Limits::denorm_min(), Limits::max(), 4294967295.0, 9007199254740993.0,
                             static_cast<double>(3.127f), 0.1, 1e-9, -123456.789}) {
    record.samples.push_back(sample(0, value, 0));
  }

  EXPECT_EQ(bits_of(round_trip(record).samples), bits_of(record.samples));
}

TEST(RecordCodec, random_samples_come_back_as_they_were) {
  std::mt19937_64 random(1);
  Record record;
  for (int i = 0; i < 20'000; ++i) {
    record.samples.push_back({PointId{static_cast<std::uint32_t>(random())},
                              std::bit_cast<double>(random()),
                              Quality{static_cast<std::uint32_t>(random())},
                              from_unix_ms(static_cast<std::int64_t>(random()))});
  }

  const Record back = round_trip(record);

  EXPECT_EQ(bits_of(back.samples), bits_of(record.samples));
  EXPECT_EQ(back.samples.back().point, record.samples.back().point);
  EXPECT_EQ(back.samples.back().source_time, record.samples.back().source_time);
  EXPECT_EQ(back.samples.back().quality, record.samples.back().quality);
}

TEST(RecordCodec, a_measured_value_takes_six_bytes) {
  Record record;
  for (std::uint32_t i = 0; i < 20; ++i)
    record.samples.push_back(sample(2 * i, static_cast<double>(3.127f), 100 + (i % 2) * 100));

  EXPECT_LE(encode_record(record, 1).size(), 30 + 20 * 6u);
}

TEST(RecordCodec, a_record_that_is_cut_anywhere_is_refused) {
  Record record;
  record.samples = {sample(0, 0.1, 100), sample(4, 1e300, 200)};
  record.intervals = {gap(0, 50, "lost")};
  record.alarms.resize(1);
  const std::string whole = encode_record(record, 1);

  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode_record(std::string_view(whole).substr(0, size))) << size;
  EXPECT_FALSE(decode_record(whole + "x"));
}

TEST(RecordCodec, random_bytes_never_break_it) {
  std::mt19937_64 random(2);
  Record record;
  record.samples = {sample(0, 0.1, 100), sample(4, 1e300, 200)};
  record.intervals = {gap(0, 50, "lost")};
  const std::string whole = encode_record(record, 1);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = whole;
    for (int n = 0; n < 4; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    refused += decode_record(bytes) ? 0 : 1;
  }

  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace wl::collector
