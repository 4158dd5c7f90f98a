// The key of a row that belongs to one point and one period of time, as one integer.
#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Bits of a point number in a period key; the other 43 number the periods of an hour or longer
/// over the whole range of Timestamp.
inline constexpr int point_bits = 21;
inline constexpr std::uint32_t max_point_row = (1u << point_bits) - 1;

/// Keys ascend with the period and, inside one, with the point. `point` <= max_point_row.
constexpr std::int64_t period_key(std::int64_t period, PointRow point) {
  return period * (std::int64_t{1} << point_bits) + point.value;
}

/// The lowest key of all periods that start at `at` or later; `length` is at least an hour.
constexpr std::int64_t first_key_from(Timestamp at, Milliseconds length) {
  const auto since = at.time_since_epoch();
  const bool between = since % length != Milliseconds{0};
  const std::int64_t towards_zero = since / length;
  return period_key(towards_zero + (between && since.count() > 0 ? 1 : 0), PointRow{0});
}

/// `start` is a multiple of `length`.
constexpr std::int64_t key_of(Timestamp start, Milliseconds length, PointRow point) {
  return period_key(start.time_since_epoch() / length, point);
}

constexpr Timestamp start_of_key(std::int64_t key, Milliseconds length) {
  return Timestamp{length * (key >> point_bits)};
}

constexpr PointRow point_of_key(std::int64_t key) {
  return PointRow{static_cast<std::uint32_t>(key & max_point_row)};
}

}  // namespace wl::storage
