#include "storage/chunk/value_column.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "storage/chunk/byte_planes.hpp"
#include "storage/chunk/decimal_grid.hpp"

namespace wl::storage::chunk {
namespace {

constexpr std::uint64_t patch_bits = 96;

/// Grid numbers of all samples, that of a patch being the number before it.
struct Numbers {
  std::vector<std::int64_t> at;
  std::vector<Patch> patches;
};

Numbers grid_numbers(std::span<const Sample> samples, Grid grid) {
  Numbers numbers;
  numbers.at.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (const auto number = grid_number(samples[i].value, grid)) {
      numbers.at.push_back(*number);
      continue;
    }
    numbers.at.push_back(i == 0 ? 0 : numbers.at.back());
    numbers.patches.push_back({static_cast<std::uint32_t>(i), samples[i].value});
  }
  return numbers;
}

std::uint64_t level_of(std::span<const std::int64_t> numbers) {
  double sum = 0;
  for (const std::int64_t number : numbers) sum += static_cast<double>(number);
  return static_cast<std::uint64_t>(std::llround(sum / static_cast<double>(numbers.size())));
}

std::uint64_t bits_of(std::span<const std::uint64_t> residuals) {
  std::uint64_t bits = 0;
  for (const std::uint64_t residual : residuals)
    bits += static_cast<std::uint64_t>(std::bit_width(residual));
  return bits;
}

ValueColumn exclusive_or(std::span<const Sample> samples) {
  ValueColumn column{
      .coding = ValueCoding::exclusive_or, .grid = {}, .residuals = {}, .patches = {}};
  column.base = std::bit_cast<std::uint64_t>(samples.front().value);
  column.residuals.reserve(samples.size());
  std::uint64_t before = column.base;
  for (const Sample& sample : samples) {
    const auto bits = std::bit_cast<std::uint64_t>(sample.value);
    column.residuals.push_back(bits ^ before);
    before = bits;
  }
  return column;
}

/// Bytes that are zero in all residuals cost nothing, also low ones: floats and small integers.
std::uint64_t plane_bits_of(std::span<const std::uint64_t> residuals) {
  std::uint64_t bytes = 0;
  for (const std::uint64_t residual : residuals)
    for (unsigned shift = 0; shift < 64; shift += 8) bytes += ((residual >> shift) & 0xFF) != 0;
  return bytes * 8;
}

/// Both codings on the grid in one pass; the smaller one.
ValueColumn on_grid(std::span<const Sample> samples, Grid grid) {
  Numbers numbers = grid_numbers(samples, grid);
  const std::uint64_t level = level_of(numbers.at);
  std::vector<std::uint64_t> offsets, deltas;
  offsets.reserve(numbers.at.size());
  deltas.reserve(numbers.at.size());
  const auto first = static_cast<std::uint64_t>(numbers.at.front());
  std::uint64_t before = first;
  for (const std::int64_t signed_number : numbers.at) {
    const auto number = static_cast<std::uint64_t>(signed_number);
    offsets.push_back(zigzag(number - level));
    deltas.push_back(zigzag(number - before));
    before = number;
  }
  if (bits_of(offsets) < bits_of(deltas))
    return {ValueCoding::offset, grid, level, std::move(offsets), std::move(numbers.patches)};
  return {ValueCoding::delta, grid, first, std::move(deltas), std::move(numbers.patches)};
}

}  // namespace

ValueColumn code_values(std::span<const Sample> samples) {
  const auto grid = find_grid(samples);
  if (!grid) return exclusive_or(samples);
  ValueColumn decimal = on_grid(samples, *grid);
  const std::uint64_t bits = bits_of(decimal.residuals) + patch_bits * decimal.patches.size();
  // Below two bytes a sample an XOR of decimals hardly comes near: not worth a second pass.
  if (bits <= 16 * samples.size()) return decimal;
  ValueColumn raw = exclusive_or(samples);
  return plane_bits_of(raw.residuals) < bits ? raw : decimal;
}

}  // namespace wl::storage::chunk
