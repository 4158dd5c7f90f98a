// The doubles of a block as whole numbers whose differences are small, and back, bit for bit.
// Internal to the format.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

#include "storage/chunk/decimal_grid.hpp"
#include "storage/rollup/bucket.hpp"

namespace wl::storage::rollup {

/// The bits of a double as a number that grows with the value: neighbours differ by 1. Defined for
/// every bit pattern and back, -0 and NaN too.
constexpr std::uint64_t ordered(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits >> 63) == 0 ? bits : ~(bits & ~(std::uint64_t{1} << 63));
}
constexpr double from_ordered(std::uint64_t number) {
  const bool negative = (number >> 63) != 0;
  return std::bit_cast<double>(negative ? ~number | (std::uint64_t{1} << 63) : number);
}

/// How the values of a block became numbers.
struct ValueScale {
  enum class Kind : std::uint8_t {
    decimals = 0,         ///< Steps of 10^-parameter.
    narrow_decimals = 1,  ///< The same, rounded to float.
    bits = 2,             ///< ordered(), of which the low `parameter` bits are 0 (by magnitude).
  };
  Kind kind = Kind::decimals;
  std::uint8_t parameter = 0;

  bool is_grid() const { return kind != Kind::bits; }
  chunk::Grid grid() const { return {parameter, kind == Kind::narrow_decimals}; }

  /// Precondition: the value is one that find_scale saw.
  std::uint64_t number(double value) const;
  double value(std::uint64_t number) const;
};

/// The coarsest scale on which first, last, min and max of all buckets lie.
ValueScale find_scale(std::span<const Bucket> buckets);

inline double ValueScale::value(std::uint64_t number) const {
  if (is_grid()) return chunk::grid_value(static_cast<std::int64_t>(number), grid());
  const bool negative = (number >> 63) != 0;
  const std::uint64_t magnitude = (negative ? ~number : number) << parameter;
  return from_ordered(negative ? ~magnitude : magnitude);
}

}  // namespace wl::storage::rollup
