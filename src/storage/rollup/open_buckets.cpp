// A row of open buckets, byte by byte, after the seal of 5 bytes (sealed.hpp):
//
//   u8 which tiers: bits 0 to 2, bit 7: the totals are on the grid · u8 scale: kind · 64 +
//   parameter for each tier that is there: its row (bucket_row.hpp) as 15 varints (zigzag)
//
// The buckets of a point mostly begin in one another, so each row expects what the one before says.
#include <fmt/format.h>

#include <vector>

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

constexpr unsigned totals_on_grid_bit = 0x80;
constexpr unsigned known_bits = totals_on_grid_bit | 0x07;

/// The next coarser bucket most likely holds `start`.
void expect(RowContext& context, Tier tier, Timestamp start) {
  context.expected = bucket_start(tier, start);
}

bool read_row(ByteReader& in, Row& row) {
  for (std::uint64_t& number : row.of) {
    if (!in.varint(number)) return false;
    number = chunk::unzigzag(number);
  }
  return true;
}

/// What is wrong, or nothing.
std::string_view read_open(ByteReader& in, OpenBuckets& open) {
  std::uint8_t which = 0, scale_byte = 0;
  if (!in.byte(which) || !in.byte(scale_byte)) return "its head is cut";
  if ((which & ~known_bits) != 0) return "impossible tiers";
  const RowScale scale{
      {static_cast<ValueScale::Kind>(scale_byte / 64), static_cast<std::uint8_t>(scale_byte % 64)},
      (which & totals_on_grid_bit) != 0};
  if (!scale.possible()) return "impossible scale";
  RowContext context;
  for (std::size_t i = 0; i < open.of_tier.size(); ++i) {
    if ((which >> i & 1) == 0) continue;
    const Tier tier = all_tiers[i];
    Row row;
    Bucket bucket;
    expect(context, tier, context.expected);
    if (!read_row(in, row)) return "a row is cut";
    if (!take_row(tier, row, scale, context, bucket) || !plausible(tier, bucket))
      return "impossible times or counts";
    context.expected = bucket.start;
    open.of_tier[i] = bucket;
  }
  return in.at_end() ? "" : "it goes on after its end";
}

}  // namespace
}  // namespace rollup

std::string encode_open(const OpenBuckets& open) {
  using namespace rollup;
  std::vector<Bucket> present;
  for (const auto& bucket : open.of_tier)
    if (bucket) present.push_back(*bucket);
  const RowScale scale = find_row_scale(present);

  std::string out(seal_bytes, '\0');
  out.reserve(160);
  unsigned which = scale.totals_on_grid ? totals_on_grid_bit : 0;
  for (std::size_t i = 0; i < open.of_tier.size(); ++i) which |= open.of_tier[i] ? 1u << i : 0;
  out += static_cast<char>(which);
  out += static_cast<char>(static_cast<unsigned>(scale.values.kind) * 64 + scale.values.parameter);
  RowContext context;
  for (std::size_t i = 0; i < open.of_tier.size(); ++i) {
    if (!open.of_tier[i]) continue;
    const Tier tier = all_tiers[i];
    const Bucket& bucket = *open.of_tier[i];
    WL_CHECK(plausible(tier, bucket));
    expect(context, tier, context.expected);
    const Row row = code_row(tier, bucket, scale, context);
    for (const std::uint64_t number : row.of) append_varint(out, chunk::zigzag(number));
    context.expected = bucket.start;
  }
  seal(out);
  return out;
}

Result<OpenBuckets> decode_open(std::string_view bytes) {
  using namespace rollup;
  const auto body = unseal(bytes, "row of open buckets");
  if (!body) return std::unexpected(body.error());
  std::string padded(*body);
  padded.append(ByteReader::slack, '\0');
  ByteReader in(padded.data(), padded.data() + padded.size());
  OpenBuckets open;
  if (const auto wrong = read_open(in, open); !wrong.empty())
    return fail(Errc::corrupt, fmt::format("row of open buckets is damaged: {}", wrong));
  return open;
}

}  // namespace wl::storage
