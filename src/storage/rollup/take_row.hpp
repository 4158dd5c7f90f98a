// From the numbers of a row (bucket_row.hpp) back to its bucket, wherever the numbers lie. In a
// header because a year of hours is 8,760 rows a point: the loop over a block's columns becomes one
// piece of code. Internal to the formats.
#pragma once

#include <cmath>

#include "storage/rollup/bucket_row.hpp"

namespace wl::storage::rollup {

/// Above it the nearest number of a grid might not fit into 64 bits.
inline constexpr double number_limit = 0x1p62;

inline std::int64_t as_signed(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

/// As std::llround, half away from zero, but inline. Precondition: |number| < number_limit.
inline std::uint64_t nearest_whole(double number) {
  const auto towards_zero = static_cast<std::int64_t>(number);
  // Exact: from 2^53 on a double has no fraction, below it both are exact.
  const double rest = number - static_cast<double>(towards_zero);
  return static_cast<std::uint64_t>(towards_zero + (rest >= 0.5) - (rest <= -0.5));
}

struct Numbers {
  std::uint64_t first, last, min, max;
};

// Guesses. One that is off costs bytes, one that differs between two machines costs the data: each
// is a chain of single operations with one result in IEEE 754, or of integers modulo 2^64.

inline double finite_or_zero(double guess) {
  return std::isfinite(guess) ? guess : 0;
}

inline double guess_sum(const Bucket& bucket) {
  if (bucket.usable == 1) return bucket.first;
  const double ends = bucket.min + bucket.max;
  return finite_or_zero(ends * 0.5 * bucket.usable);
}

inline double guess_integral(const Bucket& bucket) {
  if (bucket.held_ms == 0 || bucket.usable == 0) return 0;
  const double weighted = bucket.sum * static_cast<double>(bucket.held_ms);
  return finite_or_zero(weighted / bucket.usable);
}

inline std::uint64_t guess_sum_number(const Bucket& bucket, const Numbers& numbers) {
  if (bucket.usable == 1) return numbers.first;
  return static_cast<std::uint64_t>(as_signed((numbers.min + numbers.max) * bucket.usable) >> 1);
}

inline std::uint64_t guess_integral_number(const Bucket& bucket, std::uint64_t sum,
                                           std::uint64_t last) {
  if (bucket.held_ms == 0 || bucket.usable == 0) return 0;
  // All but the last sample are held inside the bucket.
  const bool whole = bucket.usable == bucket.count && bucket.count > 1;
  const auto total = static_cast<double>(as_signed(whole ? sum - last : sum));
  const double weighted = total * static_cast<double>(bucket.held_ms);
  const double guess = weighted / static_cast<double>(whole ? bucket.count - 1 : bucket.usable);
  if (!(std::abs(guess) < number_limit)) return 0;
  return nearest_whole(guess);
}

/// The value of a number that a total is compared with: never rounded to float.
inline double total_value(std::uint64_t number, const ValueScale& scale) {
  return chunk::grid_value(as_signed(number), {scale.parameter, false});
}

template <class AnyRow>
bool take_times(Tier tier, const AnyRow& row, Timestamp expected, Bucket& bucket) {
  const Milliseconds length = bucket_length(tier);
  const auto whole = static_cast<std::uint64_t>(length.count());
  const std::uint64_t head = row[Field::head_ms], span = row[Field::span_ms];
  const std::uint64_t more = row[Field::count], unusable = row[Field::unusable];
  const std::uint64_t ends_unusable = row[Field::ends_unusable], unheld = row[Field::unheld_ms];
  const std::int64_t farthest = farthest_time / length;
  const std::int64_t skipped = as_signed(row[Field::skipped]);
  if (skipped < -farthest || skipped > farthest || ends_unusable > 1) return false;
  if (head >= whole || span >= whole - head || unheld > span) return false;
  if (more >= 0xFFFF'FFFF || unusable > more + ends_unusable) return false;
  bucket.start = expected + skipped * length;
  bucket.first_time = bucket.start + Milliseconds{as_signed(head)};
  bucket.last_time = bucket.first_time + Milliseconds{as_signed(span)};
  bucket.held_ms = as_signed(span - unheld);
  bucket.count = static_cast<std::uint32_t>(more + 1);
  bucket.usable = static_cast<std::uint32_t>(more + 1 - unusable);
  bucket.ends_usable = ends_unusable == 0;
  return true;
}

template <class AnyRow>
void take_totals(const AnyRow& row, const RowScale& scale, const Numbers& numbers, Bucket& bucket) {
  if (!scale.totals_on_grid) {
    bucket.sum = from_ordered(ordered(guess_sum(bucket)) + row[Field::sum]);
    bucket.integral = from_ordered(ordered(guess_integral(bucket)) + row[Field::integral]);
    return;
  }
  const std::uint64_t sum = guess_sum_number(bucket, numbers) + row[Field::sum];
  const std::uint64_t integral =
      guess_integral_number(bucket, sum, numbers.last) + row[Field::integral];
  bucket.sum = from_ordered(ordered(total_value(sum, scale.values)) + row[Field::sum_places]);
  bucket.integral =
      from_ordered(ordered(total_value(integral, scale.values)) + row[Field::integral_places]);
}

/// The bucket, or false when it would not be plausible. `row[field]` gives its numbers, as Row
/// does. Leaves context.expected to the caller.
template <class AnyRow>
bool take_row(Tier tier, const AnyRow& row, const RowScale& scale, RowContext& context,
              Bucket& bucket) {
  if (!take_times(tier, row, context.expected, bucket)) return false;
  Numbers numbers{};
  numbers.first = context.last + row[Field::step];
  numbers.last = numbers.first + row[Field::rise];
  // Without a branch: which of the two is smaller cannot be predicted.
  const std::int64_t fall = as_signed(numbers.last) < as_signed(numbers.first) ? -1 : 0;
  const std::uint64_t swap = (numbers.first ^ numbers.last) & static_cast<std::uint64_t>(fall);
  numbers.min = (numbers.first ^ swap) - row[Field::below];
  numbers.max = (numbers.last ^ swap) + row[Field::above];
  bucket.first = scale.values.value(numbers.first);
  bucket.last = scale.values.value(numbers.last);
  bucket.min = scale.values.value(numbers.min);
  bucket.max = scale.values.value(numbers.max);
  take_totals(row, scale, numbers, bucket);
  context.last = numbers.last;
  return true;
}

}  // namespace wl::storage::rollup
