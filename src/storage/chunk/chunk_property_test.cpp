// Seeded random series of many shapes come back bit for bit.
#include <algorithm>
#include <functional>

#include "storage/chunk/testing/series.hpp"

namespace wl::storage {
namespace {

using Random = std::mt19937_64;
using Values = std::function<double(Random&, double before)>;
using Steps = std::function<std::int64_t(Random&)>;

double decimal(Random& random, std::int64_t range, double scale) {
  const auto width = static_cast<std::uint64_t>(2 * range);
  return static_cast<double>(static_cast<std::int64_t>(random() % width) - range) / scale;
}

const std::vector<Values> shapes{
    [](Random& r, double) { return std::bit_cast<double>(r()); },
    [](Random& r, double) { return decimal(r, 50'000, 1000); },
    [](Random& r, double) { return static_cast<float>(decimal(r, 50'000, 1000)); },
    [](Random& r, double) { return static_cast<float>(decimal(r, 1 << 30, 77)); },
    [](Random& r, double) { return decimal(r, 1 << 30, 3); },
    [](Random& r, double) { return decimal(r, std::int64_t{1} << 61, 1); },
    [](Random& r, double) { return std::ldexp(1.0, static_cast<int>(r() % 2100) - 1080); },
    [](Random& r, double before) { return before + static_cast<double>(r() % 3); },
    [](Random& r, double before) { return before + decimal(r, 100, 1e6); },
    [](Random& r, double before) { return r() % 97 == 0 ? decimal(r, 9, 1) : before; },
    [](Random& r, double) { return r() % 50 == 0 ? -0.0 : decimal(r, 999, 100); },
    [](Random& r, double) {
      return r() % 80 == 0 ? std::bit_cast<double>(r()) : decimal(r, 9, 10);
    },
};

const std::vector<Steps> rhythms{
    [](Random&) { return 1000; },
    [](Random& r) { return 1000 + static_cast<std::int64_t>(r() % 7) - 3; },
    [](Random& r) { return r() % 100 == 0 ? 600'000 : 100; },
    [](Random& r) { return 1 + static_cast<std::int64_t>(r() >> (r() % 40 + 16)); },
};

std::vector<Sample> random_series(std::uint64_t seed) {
  Random random(seed);
  const Values& shape = shapes[seed % shapes.size()];
  const Steps& rhythm = rhythms[random() % rhythms.size()];
  const std::size_t count = 1 + random() % (random() % 8 == 0 ? 2000 : 90);
  const std::uint64_t unrest = random() % 3 == 0 ? 2 : 1000;
  auto time = static_cast<std::int64_t>(random()) >> 4;
  std::vector<Sample> samples;
  Quality now = quality::good;
  double value = 0;
  while (samples.size() < count) {
    if (random() % unrest == 0) now.status_code = static_cast<std::uint32_t>(random());
    value = shape(random, value);
    samples.push_back(testing::at(time, value, now));
    time += rhythm(random);
  }
  return samples;
}

std::vector<std::uint64_t> seeds_that_differ(std::uint64_t runs) {
  std::vector<std::uint64_t> differ;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const std::vector<Sample> samples = random_series(seed);
    if (!testing::same_bits(testing::back(samples), samples)) differ.push_back(seed);
  }
  return differ;
}

/// Counted again from the samples, without the code under test.
bool summary_agrees(const std::vector<Sample>& samples) {
  std::vector<double> usable;
  for (const Sample& sample : samples)
    if (!sample.quality.is_bad() && std::isfinite(sample.value)) usable.push_back(sample.value);
  const auto summary = chunk_summary(encode_chunk(samples).value_or(""));
  if (!summary || summary->usable != usable.size() || summary->count != samples.size())
    return false;
  if (summary->first_time != samples.front().source_time) return false;
  if (summary->last_time != samples.back().source_time) return false;
  if (usable.empty()) return std::isnan(summary->min) && summary->sum == 0;
  double sum = 0;
  for (const double value : usable) sum += value;
  return summary->min == *std::ranges::min_element(usable) &&
         summary->max == *std::ranges::max_element(usable) && summary->first == usable.front() &&
         summary->last == usable.back() &&
         (summary->sum == sum || (std::isnan(sum) && std::isnan(summary->sum)));
}

std::vector<std::uint64_t> seeds_with_a_wrong_summary(std::uint64_t runs) {
  std::vector<std::uint64_t> wrong;
  for (std::uint64_t seed = 1; seed <= runs; ++seed)
    if (!summary_agrees(random_series(seed))) wrong.push_back(seed);
  return wrong;
}

TEST(ChunkProperty, six_thousand_random_series_come_back_bit_for_bit) {
  EXPECT_EQ(seeds_that_differ(6000), std::vector<std::uint64_t>{});
}

TEST(ChunkProperty, the_summary_of_two_thousand_random_series_agrees_with_a_recount) {
  EXPECT_EQ(seeds_with_a_wrong_summary(2000), std::vector<std::uint64_t>{});
}

}  // namespace
}  // namespace wl::storage
