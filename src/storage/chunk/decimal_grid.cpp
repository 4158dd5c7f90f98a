#include "storage/chunk/decimal_grid.hpp"

#include <algorithm>

namespace wl::storage::chunk {
namespace {

constexpr std::size_t off_grid = max_decimals + 1;
using Votes = std::array<std::size_t, off_grid + 1>;

/// Decimals of one value, tried from `favourite`, or off_grid.
std::size_t decimals_of(double value, bool narrow, std::size_t favourite) {
  if (grid_number(value, {static_cast<std::uint8_t>(favourite), narrow})) return favourite;
  for (std::size_t decimals = 0; decimals <= max_decimals; ++decimals)
    if (grid_number(value, {static_cast<std::uint8_t>(decimals), narrow})) return decimals;
  return off_grid;
}

/// A patch costs 12 bytes, so that this share adds at most 0.19 a sample.
std::size_t most_patches(std::size_t count) {
  return count / 64;
}

std::optional<Grid> find_grid_of(std::span<const Sample> samples, bool narrow) {
  Votes votes{};
  std::size_t favourite = 0;
  for (const Sample& sample : samples) {
    const std::size_t decimals = decimals_of(sample.value, narrow, favourite);
    ++votes[decimals];
    if (decimals != off_grid && votes[decimals] > votes[favourite]) favourite = decimals;
    if (votes[off_grid] > most_patches(samples.size())) return std::nullopt;
  }
  // One stray value with many decimals must not stretch the numbers of all others.
  std::size_t finer = votes[off_grid];
  std::size_t decimals = max_decimals;
  while (decimals > 0 && finer + votes[decimals] <= most_patches(samples.size()))
    finer += votes[decimals--];
  return Grid{static_cast<std::uint8_t>(decimals), narrow};
}

}  // namespace

std::optional<Grid> find_grid(std::span<const Sample> samples) {
  if (const auto wide = find_grid_of(samples, false)) return wide;
  return find_grid_of(samples, true);
}

}  // namespace wl::storage::chunk
