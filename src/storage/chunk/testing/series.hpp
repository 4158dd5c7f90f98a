// Series of many shapes and the questions that tests, the fuzzer and the benchmark ask of a chunk.
// Header only and without GoogleTest, so that all three share it.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "storage/chunk/chunk.hpp"

namespace wl::storage::testing {

inline constexpr PointId some_point{4};
inline constexpr std::int64_t an_hour = 1'763'000'000'000;  // A full hour of 2025, Unix ms.

inline Sample at(std::int64_t ms, double value, Quality quality = quality::good) {
  return {some_point, value, quality, from_unix_ms(ms)};
}

/// Equal in every bit: NaN and -0 too.
inline bool same_bits(const std::vector<Sample>& a, const std::vector<Sample>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].point != b[i].point || a[i].quality != b[i].quality ||
        a[i].source_time != b[i].source_time ||
        std::bit_cast<std::uint64_t>(a[i].value) != std::bit_cast<std::uint64_t>(b[i].value))
      return false;
  return true;
}

/// Encoded and decoded again; empty after an error.
inline std::vector<Sample> back(const std::vector<Sample>& samples) {
  const auto chunk = encode_chunk(samples);
  if (!chunk) return {};
  return decode_chunk(*chunk, samples.front().point).value_or(std::vector<Sample>{});
}

inline std::string damage_found_in(std::string_view chunk) {
  const auto samples = decode_chunk(chunk, some_point);
  return samples || samples.error().code != Errc::corrupt ? "" : samples.error().what;
}

inline std::vector<std::size_t> cuts_unnoticed(const std::string& chunk) {
  std::vector<std::size_t> unnoticed;
  for (std::size_t size = 0; size < chunk.size(); ++size)
    if (damage_found_in(chunk.substr(0, size)).empty()) unnoticed.push_back(size);
  return unnoticed;
}

inline std::string with_flipped_bit(std::string chunk, std::size_t bit) {
  chunk[bit / 8] = static_cast<char>(chunk[bit / 8] ^ (1 << (bit % 8)));
  return chunk;
}

inline std::vector<std::size_t> flips_unnoticed(const std::string& chunk) {
  std::vector<std::size_t> unnoticed;
  for (std::size_t bit = 0; bit < chunk.size() * 8; ++bit)
    if (damage_found_in(with_flipped_bit(chunk, bit)).empty()) unnoticed.push_back(bit);
  return unnoticed;
}

inline std::vector<std::size_t> header_flips_unnoticed(const std::string& chunk) {
  std::vector<std::size_t> unnoticed;
  for (std::size_t bit = 0; bit < chunk_header_bytes * 8; ++bit) {
    const auto summary = chunk_summary(with_flipped_bit(chunk, bit));
    if (summary || summary.error().code != Errc::corrupt) unnoticed.push_back(bit);
  }
  return unnoticed;
}

inline std::vector<Sample> series_of_bits(const std::vector<std::uint64_t>& patterns) {
  std::vector<Sample> samples;
  for (const std::uint64_t bits : patterns)
    samples.push_back(at(an_hour + 1000 * static_cast<std::int64_t>(samples.size()),
                         std::bit_cast<double>(bits)));
  return samples;
}

inline std::vector<Sample> constant(std::size_t count, double value) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i)
    samples.push_back(at(an_hour + 1000 * static_cast<std::int64_t>(i), value));
  return samples;
}

/// Power of a drive in kW, three decimals: a load that wanders, starts and stops, and noise.
inline std::vector<Sample> noisy_power(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(0, 0.02);
  std::uniform_real_distribution<double> chance(0, 1);
  double load = 2.2;
  std::vector<Sample> samples = constant(count, 0);
  for (Sample& sample : samples) {
    if (chance(random) < 0.005) load = chance(random) < 0.3 ? 0.15 : 1.5 + chance(random) * 2;
    sample.value = std::round((load + noise(random)) * 1000) / 1000;
  }
  return samples;
}

inline std::vector<Sample> as_floats(std::vector<Sample> samples) {
  for (Sample& sample : samples)
    sample.value = static_cast<double>(static_cast<float>(sample.value));
  return samples;
}

/// Energy in kWh: now and then a step of 0.001, as 2 kW need 1.8 s for one.
inline std::vector<Sample> counter(std::size_t count, std::uint64_t seed) {
  std::vector<Sample> samples = noisy_power(count, seed);
  double energy = 12345.6;
  for (Sample& sample : samples)
    sample.value = std::floor((energy += sample.value / 3600) * 1000) / 1000;
  return samples;
}

/// Standby, running, fault: a change every few minutes.
inline std::vector<Sample> state(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Sample> samples = constant(count, 0);
  double now = 1;
  for (Sample& sample : samples) {
    if (random() % 200 == 0) now = static_cast<double>(random() % 3);
    sample.value = now;
  }
  return samples;
}

/// Scans of 100 ms seen each second: 10 more, now and then 9 or 11.
inline std::vector<Sample> scan_count(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Sample> samples = constant(count, 0);
  double scans = 4'000'000;
  for (Sample& sample : samples) {
    const std::uint64_t draw = random() % 50;
    sample.value = scans += draw == 0 ? 9 : draw == 1 ? 11 : 10;
  }
  return samples;
}

/// Some of everything in few bytes: jitter, quality runs, decimals and a patch.
inline std::vector<Sample> small_mixed_hour() {
  std::vector<Sample> samples = noisy_power(80, 11);
  samples[17].source_time += Milliseconds{3};
  samples[30].quality = quality::bad_no_communication;
  samples[31].quality = quality::uncertain_last_usable;
  samples[40].value = -0.0;
  return samples;
}

}  // namespace wl::storage::testing
