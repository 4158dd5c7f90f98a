// Buckets of one point as few bytes: what lies in a block and in a row of open buckets.
//
// The format is exact: every time, count and bit of every double comes back. Both are
// little-endian: a version byte, a CRC-32C of all other bytes, then the body (bucket_block.cpp,
// open_buckets.cpp). Errors of decoding are `corrupt`, with what is wrong; `conflict` when a newer
// program wrote the bytes.
//
// Pure functions: no I/O, no clock. Any thread may call them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "storage/rollup/bucket.hpp"

namespace wl::storage {

/// Buckets that one block has room for: 60, 96 or 240.
constexpr std::size_t block_capacity(Tier tier) {
  return static_cast<std::size_t>(block_length(tier) / bucket_length(tier));
}

/// Precondition (checked; a violation is a bug in the caller): one bucket or more, ascending
/// starts, all of one block, and each with times and counts that samples of its own could give.
std::string encode_buckets(Tier tier, std::span<const Bucket> buckets);

/// Trusts nothing; `corrupt` also for a block of another tier.
Result<std::vector<Bucket>> decode_buckets(Tier tier, std::string_view block);
/// Appends to `out`; after an error `out` may hold some of them.
Result<void> decode_buckets(Tier tier, std::string_view block, std::vector<Bucket>& out);

/// The buckets of one point that newer samples may still join, by tier: [0] minute, [1] quarter,
/// [2] hour.
struct OpenBuckets {
  std::array<std::optional<Bucket>, 3> of_tier;

  bool operator==(const OpenBuckets&) const = default;
};

/// Precondition as of encode_buckets for each bucket. None at all is welcome.
std::string encode_open(const OpenBuckets& open);
Result<OpenBuckets> decode_open(std::string_view bytes);

}  // namespace wl::storage
