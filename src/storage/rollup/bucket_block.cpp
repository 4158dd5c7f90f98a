// A block, byte by byte, after the seal of 5 bytes (sealed.hpp):
//
//   u8 tier · u8 buckets · u16 mask · u8 scale: kind · 64 + parameter
//   varint (zigzag) start of the first bucket, in bucket lengths since 1970
//   varint (zigzag) number of the first bucket's `first`
//   a column for each field whose bit is set in the mask, in the order of `Field`; the others are
//   all zero. Bit 15 of the mask: the totals are on the grid.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.hpp"
#include "storage/chunk/byte_planes.hpp"
#include "storage/rollup/bit_column.hpp"
#include "storage/rollup/bucket_codec.hpp"
#include "storage/rollup/bucket_row.hpp"
#include "storage/rollup/sealed.hpp"
#include "storage/rollup/take_row.hpp"

namespace wl::storage {
namespace rollup {
namespace {

constexpr std::uint16_t totals_on_grid_bit = 1 << 15;
constexpr std::size_t max_block_buckets = block_capacity(Tier::hour);
static_assert(max_block_buckets <= max_column_numbers);

using Columns = std::array<std::array<std::uint64_t, max_block_buckets>, field_count>;

void check_block(Tier tier, std::span<const Bucket> buckets) {
  WL_CHECK(!buckets.empty());
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    WL_CHECK(plausible(tier, buckets[i]));
    WL_CHECK(i == 0 || buckets[i].start > buckets[i - 1].start);
  }
  WL_CHECK(block_start(tier, buckets.front().start) == block_start(tier, buckets.back().start));
}

void fill_columns(Columns& columns, Tier tier, std::span<const Bucket> buckets,
                  const RowScale& scale) {
  RowContext context{.expected = buckets.front().start,
                     .last = scale.values.number(buckets.front().first)};
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const Row row = code_row(tier, buckets[i], scale, context);
    for (std::size_t field = 0; field < field_count; ++field) columns[field][i] = row.of[field];
    context.expected = buckets[i].start + bucket_length(tier);
  }
}

/// Appends those that are not all zero; returns which.
std::uint16_t append_columns(std::string& out, const Columns& columns, std::size_t count) {
  std::uint16_t mask = 0;
  for (std::size_t field = 0; field < field_count; ++field) {
    const auto numbers = std::span(columns[field]).first(count);
    if (std::ranges::all_of(numbers, [](std::uint64_t number) { return number == 0; })) continue;
    mask = static_cast<std::uint16_t>(mask | (1 << field));
    append_column(out, numbers);
  }
  return mask;
}

struct BlockHead {
  std::size_t count = 0;
  std::uint16_t mask = 0;
  RowScale scale;
  RowContext context;
};

/// What is wrong, or nothing.
std::string_view read_head(ByteReader& in, Tier tier, BlockHead& head) {
  std::uint8_t of_tier = 0, count = 0, low = 0, high = 0, scale = 0;
  std::uint64_t place = 0, first = 0;
  if (!in.byte(of_tier) || of_tier != static_cast<std::uint8_t>(tier)) return "of another tier";
  if (!in.byte(count) || !in.byte(low) || !in.byte(high) || !in.byte(scale) || !in.varint(place) ||
      !in.varint(first))
    return "the head is cut";
  if (count == 0 || count > block_capacity(tier)) return "impossible number of buckets";
  head.count = count;
  head.mask = static_cast<std::uint16_t>(low | high << 8);
  head.scale.values = {static_cast<ValueScale::Kind>(scale / 64),
                       static_cast<std::uint8_t>(scale % 64)};
  head.scale.totals_on_grid = (head.mask & totals_on_grid_bit) != 0;
  if (!head.scale.possible()) return "impossible scale";
  const auto lengths = static_cast<std::int64_t>(chunk::unzigzag(place));
  const std::int64_t farthest = farthest_time / bucket_length(tier);
  if (lengths < -farthest || lengths > farthest) return "impossible start";
  head.context = {.expected = Timestamp{lengths * bucket_length(tier)},
                  .last = chunk::unzigzag(first)};
  return "";
}

bool read_columns(ByteReader& in, const BlockHead& head, Columns& columns) {
  for (std::size_t field = 0; field < field_count; ++field) {
    const auto numbers = std::span(columns[field]).first(head.count);
    if ((head.mask >> field & 1) == 0)
      std::ranges::fill(numbers, 0);
    else if (!in.column(numbers))
      return false;
  }
  return in.at_end();
}

/// One row where it lies, without collecting its numbers.
struct RowInColumns {
  const Columns& columns;
  std::size_t row;

  std::uint64_t operator[](Field field) const {
    return columns[static_cast<std::size_t>(field)][row];
  }
};

/// As push_back, field by field out of registers: a copy of the whole takes as long as decoding,
/// because it reads what was written just before in wider pieces.
inline void append(std::vector<Bucket>& out, const Bucket& of) {
  out.emplace_back(of.start, of.first_time, of.last_time, of.count, of.usable, of.ends_usable,
                   of.min, of.max, of.sum, of.first, of.last, of.integral, of.held_ms);
}

/// Appends the buckets up to the first impossible one; returns how many.
std::size_t take_rows(Tier tier, const Columns& columns, BlockHead head, std::vector<Bucket>& out) {
  const Timestamp begin = block_start(tier, head.context.expected);
  const Timestamp end = begin + block_length(tier);
  for (std::size_t i = 0; i < head.count; ++i) {
    Bucket bucket;
    const bool possible =
        take_row(tier, RowInColumns{columns, i}, head.scale, head.context, bucket);
    if (!possible || bucket.start < head.context.expected || bucket.start >= end) return i;
    append(out, bucket);
    head.context.expected = bucket.start + bucket_length(tier);
  }
  return head.count;
}

std::unexpected<Error> damaged(std::string_view why) {
  return fail(Errc::corrupt, fmt::format("block of buckets is damaged: {}", why));
}

}  // namespace
}  // namespace rollup

std::string encode_buckets(Tier tier, std::span<const Bucket> buckets) {
  using namespace rollup;
  check_block(tier, buckets);
  const RowScale scale = find_row_scale(buckets);
  Columns columns;
  fill_columns(columns, tier, buckets, scale);

  std::string out(seal_bytes, '\0');
  out += static_cast<char>(tier);
  out += static_cast<char>(buckets.size());
  const std::size_t mask_at = out.size();
  out.append(2, '\0');
  out += static_cast<char>(static_cast<unsigned>(scale.values.kind) * 64 + scale.values.parameter);
  const std::int64_t lengths = buckets.front().start.time_since_epoch() / bucket_length(tier);
  append_varint(out, chunk::zigzag(static_cast<std::uint64_t>(lengths)));
  append_varint(out, chunk::zigzag(scale.values.number(buckets.front().first)));
  const unsigned flag = scale.totals_on_grid ? totals_on_grid_bit : 0;
  const auto mask = static_cast<std::uint16_t>(append_columns(out, columns, buckets.size()) | flag);
  std::memcpy(out.data() + mask_at, &mask, sizeof mask);
  seal(out);
  return out;
}

Result<void> decode_buckets(Tier tier, std::string_view block, std::vector<Bucket>& out) {
  using namespace rollup;
  const auto body = unseal(block, "block of buckets");
  if (!body) return std::unexpected(body.error());
  std::string padded;
  padded.reserve(body->size() + ByteReader::slack);
  padded.append(*body).append(ByteReader::slack, '\0');
  ByteReader in(padded.data(), padded.data() + padded.size());
  BlockHead head;
  if (const auto wrong = read_head(in, tier, head); !wrong.empty()) return damaged(wrong);
  Columns columns;
  if (!read_columns(in, head, columns)) return damaged("a column is cut or impossible");
  if (const std::size_t taken = take_rows(tier, columns, head, out); taken < head.count)
    return damaged(fmt::format("bucket {} has impossible times or counts", taken));
  return {};
}

Result<std::vector<Bucket>> decode_buckets(Tier tier, std::string_view block) {
  std::vector<Bucket> buckets;
  buckets.reserve(block_capacity(tier));
  if (auto decoded = decode_buckets(tier, block, buckets); !decoded)
    return std::unexpected(decoded.error());
  return buckets;
}

}  // namespace wl::storage
