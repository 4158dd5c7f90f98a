// A bucket as a row of whole numbers that are nearly all zero: what both formats store.
//
// A number says only by how much a field differs from what the others and the bucket before
// suggest. "Number of a value" is its place on the scale of the block (value_scale.hpp). Internal
// to the formats.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "storage/rollup/bucket.hpp"
#include "storage/rollup/value_scale.hpp"

namespace wl::storage::rollup {

/// The order is that of the columns on disk. Signed ones are two's complement.
enum class Field : std::uint8_t {
  skipped,          ///< start minus what is expected, in bucket lengths.
  head_ms,          ///< first_time - start.
  span_ms,          ///< last_time - first_time.
  count,            ///< count - 1.
  unusable,         ///< count - usable.
  ends_unusable,    ///< 1 when the last sample is not usable.
  unheld_ms,        ///< span - held_ms.
  step,             ///< Number of first, minus that of `last` of the bucket before.
  rise,             ///< Number of last, minus that of first.
  below,            ///< min(first, last) minus min, in numbers.
  above,            ///< max minus max(first, last), in numbers.
  sum,              ///< Number nearest to the sum, minus a guess; without a grid: see RowScale.
  sum_places,       ///< Doubles between that number's value and the sum; 0 without a grid.
  integral,         ///< Likewise, in numbers · ms.
  integral_places,  ///< Likewise.
};
inline constexpr std::size_t field_count = 15;

struct Row {
  std::array<std::uint64_t, field_count> of;

  std::uint64_t& operator[](Field field) { return of[static_cast<std::size_t>(field)]; }
  std::uint64_t operator[](Field field) const { return of[static_cast<std::size_t>(field)]; }
};

/// How the doubles of some buckets became numbers.
struct RowScale {
  ValueScale values;
  /// False: sum and integral are so many doubles away from their guess. Always without a grid.
  bool totals_on_grid = false;

  bool possible() const;
};
RowScale find_row_scale(std::span<const Bucket> buckets);

/// What the buckets before tell about the next one; both sides keep it alike.
struct RowContext {
  Timestamp expected{};    ///< Start of the next bucket if none is left out.
  std::uint64_t last = 0;  ///< Number of the value before.
};

/// Times within `farthest_time` of 1970 and counts that samples of its own could give.
bool plausible(Tier tier, const Bucket& bucket);
inline constexpr Milliseconds farthest_time = std::chrono::years{100'000};

/// Precondition: plausible, and seen by find_row_scale. Leaves context.expected to the caller.
Row code_row(Tier tier, const Bucket& bucket, const RowScale& scale, RowContext& context);
}  // namespace wl::storage::rollup
