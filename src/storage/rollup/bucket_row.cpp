#include "storage/rollup/bucket_row.hpp"

#include <algorithm>
#include <cmath>

#include "storage/rollup/take_row.hpp"

namespace wl::storage::rollup {
namespace {

std::uint64_t nearest_number(double total, const ValueScale& scale) {
  return nearest_whole(total * chunk::powers_of_ten[scale.parameter]);
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

}  // namespace wl::storage::rollup
