#include "storage/rollup/bit_column.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/check.hpp"
#include "storage/chunk/byte_planes.hpp"

namespace wl::storage::rollup {
namespace {

using chunk::unzigzag;
using chunk::zigzag;

constexpr unsigned steps_flag = 0x80;  ///< In the head byte, beside the width of 0 to 64.

constexpr std::uint64_t low_bits(unsigned width) {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

constexpr std::size_t packed_bytes(std::size_t count, unsigned width) {
  return (count * width + 7) / 8;
}

unsigned index_width(std::size_t count) {
  return static_cast<unsigned>(std::bit_width(count - 1));
}

/// Residuals of a column in one of its two codings, and how they are cut.
struct Coded {
  std::array<std::uint64_t, max_column_numbers> residuals;
  std::uint64_t base = 0;
  unsigned width = 0;    ///< Bits of each in the common pack.
  unsigned widest = 0;   ///< Bits of the largest.
  unsigned patches = 0;  ///< Those with more than `width`.
  std::size_t bits = 0;  ///< What all of it costs.
};

/// Tries every width: few residuals may be wider than the rest and be patched.
void choose_width(Coded& coded, std::size_t count) {
  std::array<unsigned, 65> of_width{};
  for (std::size_t i = 0; i < count; ++i)
    ++of_width[static_cast<unsigned>(std::bit_width(coded.residuals[i]))];
  coded.widest = 64;
  while (coded.widest > 0 && of_width[coded.widest] == 0) --coded.widest;
  coded.bits = count * coded.widest;
  coded.width = coded.widest;
  unsigned wider = 0;
  for (unsigned width = coded.widest; width-- > 0;) {
    wider += of_width[width + 1];
    const std::size_t patch_bits = index_width(count) + coded.widest - width;
    const std::size_t bits = count * width + 24 + wider * patch_bits;
    if (bits >= coded.bits) continue;
    coded.bits = bits;
    coded.width = width;
    coded.patches = wider;
  }
}

void code_offsets(Coded& coded, std::span<const std::uint64_t> numbers) {
  auto least = std::numeric_limits<std::int64_t>::max();
  for (const std::uint64_t number : numbers)
    least = std::min(least, static_cast<std::int64_t>(number));
  coded.base = static_cast<std::uint64_t>(least);
  for (std::size_t i = 0; i < numbers.size(); ++i) coded.residuals[i] = numbers[i] - coded.base;
  choose_width(coded, numbers.size());
}

void code_steps(Coded& coded, std::span<const std::uint64_t> numbers) {
  coded.base = numbers[0];
  coded.residuals[0] = 0;
  for (std::size_t i = 1; i < numbers.size(); ++i)
    coded.residuals[i] = zigzag(numbers[i] - numbers[i - 1]);
  choose_width(coded, numbers.size());
}

/// Writes numbers of a few bits each, low bits first.
class BitWriter {
 public:
  BitWriter(std::string& out, std::size_t count, unsigned width)
      : width_(width), at_(out.size()), out_(out) {
    out.resize(at_ + packed_bytes(count, width));
  }

  void put(std::uint64_t value) {
    pending_ |= value << filled_;
    const unsigned room = 64 - filled_;
    filled_ += width_;
    if (filled_ < 64) return;
    std::memcpy(out_.data() + at_, &pending_, 8);
    at_ += 8;
    pending_ = room < 64 ? value >> room : 0;
    filled_ -= 64;
  }

  void finish() { std::memcpy(out_.data() + at_, &pending_, (filled_ + 7) / 8); }

 private:
  unsigned width_;
  unsigned filled_ = 0;
  std::uint64_t pending_ = 0;
  std::size_t at_;
  std::string& out_;
};

void append_coded(std::string& out, const Coded& coded, std::size_t count) {
  out += static_cast<char>(coded.patches);
  append_varint(out, zigzag(coded.base));
  const std::uint64_t mask = low_bits(coded.width);
  BitWriter common(out, count, coded.width);
  for (std::size_t i = 0; i < count; ++i) common.put(coded.residuals[i] & mask);
  common.finish();
  if (coded.patches == 0) return;
  out += static_cast<char>(coded.widest - coded.width);
  BitWriter places(out, coded.patches, index_width(count));
  for (std::size_t i = 0; i < count; ++i)
    if (coded.residuals[i] > mask) places.put(i);
  places.finish();
  BitWriter high(out, coded.patches, coded.widest - coded.width);
  for (std::size_t i = 0; i < count; ++i)
    if (coded.residuals[i] > mask) high.put(coded.residuals[i] >> coded.width);
  high.finish();
}

/// One load holds a number of up to 57 bits wherever it begins. `base` is added to each.
void unpack_narrow(const char* packed, unsigned width, std::uint64_t base,
                   std::span<std::uint64_t> numbers) {
  const std::uint64_t mask = low_bits(width);
  std::size_t bit = 0;
  for (std::uint64_t& number : numbers) {
    std::uint64_t loaded = 0;
    std::memcpy(&loaded, packed + bit / 8, 8);
    number = (loaded >> (bit % 8) & mask) + base;
    bit += width;
  }
}

void unpack_wide(const char* packed, unsigned width, std::uint64_t base,
                 std::span<std::uint64_t> numbers) {
  const std::uint64_t mask = low_bits(width);
  std::size_t bit = 0;
  for (std::uint64_t& number : numbers) {
    const unsigned shift = bit % 8;
    std::uint64_t loaded = 0;
    std::memcpy(&loaded, packed + bit / 8, 8);
    loaded >>= shift;
    if (width + shift > 64)
      loaded |= std::uint64_t{static_cast<std::uint8_t>(packed[bit / 8 + 8])} << (64 - shift);
    number = (loaded & mask) + base;
    bit += width;
  }
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append_column(std::string& out, std::span<const std::uint64_t> numbers) {
  WL_CHECK(!numbers.empty() && numbers.size() <= max_column_numbers);
  if (numbers.size() == 1) return append_varint(out, zigzag(numbers[0]));
  Coded offsets, steps;
  code_offsets(offsets, numbers);
  code_steps(steps, numbers);
  const bool by_steps = steps.bits < offsets.bits;
  const Coded& coded = by_steps ? steps : offsets;
  out += static_cast<char>(coded.width | (by_steps ? steps_flag : 0));
  append_coded(out, coded, numbers.size());
}

bool ByteReader::byte(std::uint8_t& value) {
  if (next_ == end_) return false;
  value = static_cast<std::uint8_t>(*next_++);
  return true;
}

bool ByteReader::varint(std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    std::uint8_t part = 0;
    if (!byte(part)) return false;
    value |= std::uint64_t{part & 0x7Fu} << shift;
    if (part < 0x80) return shift < 63 || part < 2;
  }
  return false;
}

const char* ByteReader::take(std::size_t size) {
  if (left() < size) return nullptr;
  const char* taken = next_;
  next_ += size;
  return taken;
}

bool ByteReader::bits(std::span<std::uint64_t> numbers, unsigned width, std::uint64_t base) {
  const char* packed = take(packed_bytes(numbers.size(), width));
  if (packed == nullptr) return false;
  if (width == 0)
    std::ranges::fill(numbers, base);
  else if (width <= 57)
    unpack_narrow(packed, width, base, numbers);
  else
    unpack_wide(packed, width, base, numbers);
  return true;
}

bool ByteReader::patches(std::span<std::uint64_t> residuals, unsigned width, unsigned count) {
  std::array<std::uint64_t, max_column_numbers> places, high;
  std::uint8_t high_width = 0;
  if (!byte(high_width) || width + high_width > 64) return false;
  if (!bits(std::span(places).first(count), index_width(residuals.size()), 0)) return false;
  if (!bits(std::span(high).first(count), high_width, 0)) return false;
  for (unsigned i = 0; i < count; ++i) {
    if (places[i] >= residuals.size() || width >= 64) return false;
    residuals[places[i]] += high[i] << width;
  }
  return true;
}

bool ByteReader::column(std::span<std::uint64_t> numbers) {
  std::uint64_t base = 0;
  if (numbers.size() == 1) {
    if (!varint(base)) return false;
    numbers[0] = unzigzag(base);
    return true;
  }
  std::uint8_t head = 0, patched = 0;
  if (!byte(head) || !byte(patched) || !varint(base)) return false;
  const unsigned width = head & ~steps_flag;
  if (width > 64 || patched > numbers.size()) return false;
  base = unzigzag(base);
  const bool steps = (head & steps_flag) != 0;
  if (!bits(numbers, width, steps ? 0 : base)) return false;
  if (patched > 0 && !patches(numbers, width, patched)) return false;
  if (!steps) return true;
  for (std::uint64_t& number : numbers) number = base += unzigzag(number);
  return true;
}

}  // namespace wl::storage::rollup
