#include "storage/rollup/value_scale.hpp"

#include <algorithm>
#include <array>

namespace wl::storage::rollup {
namespace {

std::array<double, 4> values_of(const Bucket& bucket) {
  return {bucket.first, bucket.last, bucket.min, bucket.max};
}

/// Decimals that `value` needs if it has more than `least`; too many when it lies on no grid.
std::uint8_t decimals_of(double value, std::uint8_t least, bool narrow) {
  std::uint8_t decimals = least;
  while (decimals <= chunk::max_decimals && !chunk::grid_number(value, {decimals, narrow}))
    ++decimals;
  return decimals;
}

bool all_on_grid(std::span<const Bucket> buckets, chunk::Grid grid) {
  return std::ranges::all_of(buckets, [grid](const Bucket& bucket) {
    return std::ranges::all_of(values_of(bucket), [grid](double value) {
      return chunk::grid_number(value, grid).has_value();
    });
  });
}

/// More than max_decimals: there is no such grid.
std::uint8_t common_decimals(std::span<const Bucket> buckets, bool narrow) {
  std::uint8_t decimals = 0;
  bool rose = false;
  for (const Bucket& bucket : buckets) {
    for (const double value : values_of(bucket)) {
      const std::uint8_t needed = decimals_of(value, decimals, narrow);
      if (needed > chunk::max_decimals) return needed;
      rose = rose || needed > decimals;
      decimals = needed;
    }
  }
  // A large number may lie on a coarse grid and be too large for a finer one.
  const bool sure = !rose || all_on_grid(buckets, {decimals, narrow});
  return sure ? decimals : chunk::max_decimals + 1;
}

std::uint8_t common_zero_bits(std::span<const Bucket> buckets) {
  std::uint64_t used = 0;
  for (const Bucket& bucket : buckets)
    for (const double value : values_of(bucket)) used |= std::bit_cast<std::uint64_t>(value);
  used &= ~(std::uint64_t{1} << 63);
  return used == 0 ? 0 : static_cast<std::uint8_t>(std::countr_zero(used));
}

}  // namespace

std::uint64_t ValueScale::number(double value) const {
  if (is_grid()) return static_cast<std::uint64_t>(chunk::grid_number(value, grid()).value_or(0));
  const std::uint64_t whole = ordered(value);
  const bool negative = (whole >> 63) != 0;
  const std::uint64_t magnitude = (negative ? ~whole : whole) >> parameter;
  return negative ? ~magnitude : magnitude;
}

ValueScale find_scale(std::span<const Bucket> buckets) {
  using enum ValueScale::Kind;
  if (const auto wide = common_decimals(buckets, false); wide <= chunk::max_decimals)
    return {decimals, wide};
  if (const auto narrow = common_decimals(buckets, true); narrow <= chunk::max_decimals)
    return {narrow_decimals, narrow};
  return {bits, common_zero_bits(buckets)};
}

}  // namespace wl::storage::rollup
