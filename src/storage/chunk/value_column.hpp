// The values of a chunk as residuals near zero, in whichever of three ways makes them smallest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "storage/chunk/layout.hpp"

namespace wl::storage::chunk {

/// A value off the grid. Its residual repeats the number before it.
struct Patch {
  std::uint32_t index;
  double value;
};

struct ValueColumn {
  ValueCoding coding{};
  Grid grid;
  std::uint64_t base = 0;
  std::vector<std::uint64_t> residuals;  ///< One a sample.
  std::vector<Patch> patches;            ///< Ascending indexes.
};

/// Picks the coding with the fewest significant bits: an estimate of what zstd leaves.
ValueColumn code_values(std::span<const Sample> samples);

}  // namespace wl::storage::chunk
