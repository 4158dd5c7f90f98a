#include "storage/rollup/bucket_row.hpp"

#include <algorithm>
#include <cmath>

namespace wl::storage::rollup {
namespace {

/// Above it the nearest number of a grid might not fit into 64 bits.
constexpr double number_limit = 0x1p62;

std::int64_t as_signed(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

struct Numbers {
  std::uint64_t first, last, min, max;
};

// Guesses. One that is off costs bytes, one that differs between two machines costs the data: each
// is a chain of single operations with one result in IEEE 754, or of integers modulo 2^64.

double finite_or_zero(double guess) {
  return std::isfinite(guess) ? guess : 0;
}

double guess_sum(const Bucket& bucket) {
  if (bucket.usable == 1) return bucket.first;
  const double ends = bucket.min + bucket.max;
  return finite_or_zero(ends * 0.5 * bucket.usable);
}

double guess_integral(const Bucket& bucket) {
  if (bucket.held_ms == 0 || bucket.usable == 0) return 0;
  const double weighted = bucket.sum * static_cast<double>(bucket.held_ms);
  return finite_or_zero(weighted / bucket.usable);
}

std::uint64_t guess_sum_number(const Bucket& bucket, const Numbers& numbers) {
  if (bucket.usable == 1) return numbers.first;
  return static_cast<std::uint64_t>(as_signed((numbers.min + numbers.max) * bucket.usable) >> 1);
}

std::uint64_t guess_integral_number(const Bucket& bucket, std::uint64_t sum, std::uint64_t last) {
  if (bucket.held_ms == 0 || bucket.usable == 0) return 0;
  // All but the last sample are held inside the bucket.
  const bool whole = bucket.usable == bucket.count && bucket.count > 1;
  const auto total = static_cast<double>(as_signed(whole ? sum - last : sum));
  const double weighted = total * static_cast<double>(bucket.held_ms);
  const double guess = weighted / static_cast<double>(whole ? bucket.count - 1 : bucket.usable);
  if (!(std::abs(guess) < number_limit)) return 0;
  return static_cast<std::uint64_t>(std::llround(guess));
}

/// The value of a number that a total is compared with: never rounded to float.
double total_value(std::uint64_t number, const ValueScale& scale) {
  return chunk::grid_value(as_signed(number), {scale.parameter, false});
}

std::uint64_t nearest_number(double total, const ValueScale& scale) {
  return static_cast<std::uint64_t>(std::llround(total * chunk::powers_of_ten[scale.parameter]));
}

void code_times(Row& row, Tier tier, const Bucket& bucket, Timestamp expected) {
  const auto span = static_cast<std::uint64_t>((bucket.last_time - bucket.first_time).count());
  const std::int64_t skipped = (bucket.start - expected) / bucket_length(tier);
  row[Field::skipped] = static_cast<std::uint64_t>(skipped);
  row[Field::head_ms] = static_cast<std::uint64_t>((bucket.first_time - bucket.start).count());
  row[Field::span_ms] = span;
  row[Field::count] = bucket.count - 1;
  row[Field::unusable] = bucket.count - bucket.usable;
  row[Field::ends_unusable] = bucket.ends_usable ? 0 : 1;
  row[Field::unheld_ms] = span - static_cast<std::uint64_t>(bucket.held_ms);
}

void code_totals(Row& row, const Bucket& bucket, const RowScale& scale, const Numbers& numbers) {
  if (!scale.totals_on_grid) {
    row[Field::sum] = ordered(bucket.sum) - ordered(guess_sum(bucket));
    row[Field::integral] = ordered(bucket.integral) - ordered(guess_integral(bucket));
    row[Field::sum_places] = row[Field::integral_places] = 0;
    return;
  }
  const std::uint64_t sum = nearest_number(bucket.sum, scale.values);
  const std::uint64_t integral = nearest_number(bucket.integral, scale.values);
  row[Field::sum] = sum - guess_sum_number(bucket, numbers);
  row[Field::sum_places] = ordered(bucket.sum) - ordered(total_value(sum, scale.values));
  row[Field::integral] = integral - guess_integral_number(bucket, sum, numbers.last);
  row[Field::integral_places] =
      ordered(bucket.integral) - ordered(total_value(integral, scale.values));
}

bool take_times(Tier tier, const Row& row, Timestamp expected, Bucket& bucket) {
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

void take_totals(const Row& row, const RowScale& scale, const Numbers& numbers, Bucket& bucket) {
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

}  // namespace

bool RowScale::possible() const {
  if (values.is_grid()) return values.parameter <= chunk::max_decimals;
  return values.kind == ValueScale::Kind::bits && !totals_on_grid;
}

RowScale find_row_scale(std::span<const Bucket> buckets) {
  RowScale scale{find_scale(buckets), false};
  if (!scale.values.is_grid()) return scale;
  const double limit = number_limit / chunk::powers_of_ten[scale.values.parameter];
  scale.totals_on_grid = std::ranges::all_of(buckets, [limit](const Bucket& bucket) {
    return std::abs(bucket.sum) < limit && std::abs(bucket.integral) < limit;
  });
  return scale;
}

bool plausible(Tier tier, const Bucket& bucket) {
  const Milliseconds length = bucket_length(tier);
  const Milliseconds since = bucket.start.time_since_epoch();
  if (since < -farthest_time || since > farthest_time || since % length != Milliseconds{0})
    return false;
  if (bucket.first_time < bucket.start || bucket.last_time < bucket.first_time) return false;
  if (bucket.last_time - bucket.start >= length) return false;
  if (bucket.count == 0 || bucket.usable > bucket.count) return false;
  if (bucket.ends_usable && bucket.usable == 0) return false;
  return bucket.held_ms >= 0 && bucket.held_ms <= (bucket.last_time - bucket.first_time).count();
}

Row code_row(Tier tier, const Bucket& bucket, const RowScale& scale, RowContext& context) {
  Row row;
  code_times(row, tier, bucket, context.expected);
  const Numbers numbers{scale.values.number(bucket.first), scale.values.number(bucket.last),
                        scale.values.number(bucket.min), scale.values.number(bucket.max)};
  const bool rises = as_signed(numbers.first) < as_signed(numbers.last);
  row[Field::step] = numbers.first - context.last;
  row[Field::rise] = numbers.last - numbers.first;
  row[Field::below] = (rises ? numbers.first : numbers.last) - numbers.min;
  row[Field::above] = numbers.max - (rises ? numbers.last : numbers.first);
  code_totals(row, bucket, scale, numbers);
  context.last = numbers.last;
  return row;
}

bool take_row(Tier tier, const Row& row, const RowScale& scale, RowContext& context,
              Bucket& bucket) {
  if (!take_times(tier, row, context.expected, bucket)) return false;
  Numbers numbers{};
  numbers.first = context.last + row[Field::step];
  numbers.last = numbers.first + row[Field::rise];
  const bool rises = as_signed(numbers.first) < as_signed(numbers.last);
  numbers.min = (rises ? numbers.first : numbers.last) - row[Field::below];
  numbers.max = (rises ? numbers.last : numbers.first) + row[Field::above];
  bucket.first = scale.values.value(numbers.first);
  bucket.last = scale.values.value(numbers.last);
  bucket.min = scale.values.value(numbers.min);
  bucket.max = scale.values.value(numbers.max);
  take_totals(row, scale, numbers, bucket);
  context.last = numbers.last;
  return true;
}

}  // namespace wl::storage::rollup
