// Finds the decimals behind doubles: 12.345 is 12345 steps of 0.001, bit for bit, or it is not.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

#include "storage/chunk/layout.hpp"

namespace wl::storage::chunk {

/// Exact as doubles, and so is every whole number below 2^53: their quotient is then the double
/// nearest to the decimal, which is what a parser or a PLC that divides makes of it.
inline constexpr std::array<double, max_decimals + 1> powers_of_ten{1e0, 1e1, 1e2, 1e3, 1e4,
                                                                    1e5, 1e6, 1e7, 1e8, 1e9};

/// The value at a grid number. Defined for every number and grid.
inline double grid_value(std::int64_t number, Grid grid) {
  const double wide = static_cast<double>(number) / powers_of_ten[grid.decimals];
  return grid.narrow ? static_cast<double>(static_cast<float>(wide)) : wide;
}

/// The number whose grid_value has the same bits as `value`; never for NaN, infinity and -0.
inline std::optional<std::int64_t> grid_number(double value, Grid grid) {
  const double scaled = value * powers_of_ten[grid.decimals];
  if (!(std::abs(scaled) < 0x1p52)) return std::nullopt;
  const auto number = static_cast<std::int64_t>(scaled + std::copysign(0.5, scaled));
  const bool exact =
      std::bit_cast<std::uint64_t>(grid_value(number, grid)) == std::bit_cast<std::uint64_t>(value);
  return exact ? std::optional(number) : std::nullopt;
}

/// The coarsest grid that all values but few lie on; nothing when there is none.
std::optional<Grid> find_grid(std::span<const Sample> samples);

}  // namespace wl::storage::chunk
