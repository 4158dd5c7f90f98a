// Any bytes: the rollup formats refuse them or give buckets that encode and decode to themselves.
//
// The first byte chooses what the rest is, as the checksum would stop nearly every input at the
// gate: bytes as they are, bodies that are given a right checksum, or a seed for buckets of any
// bits, whose block is then spoiled and signed again.
#include <cstdint>
#include <cstring>

#include "base/check.hpp"
#include "storage/rollup/sealed.hpp"
#include "storage/rollup/testing/buckets.hpp"

namespace {

using namespace wl;
using namespace wl::storage;

template <class T>
void check_refusal(const Result<T>& refused) {
  WL_CHECK(refused.error().code == Errc::corrupt || refused.error().code == Errc::conflict);
  WL_CHECK(!refused.error().what.empty());
}

void try_block(Tier tier, std::string_view bytes) {
  const auto buckets = decode_buckets(tier, bytes);
  if (!buckets) return check_refusal(buckets);
  WL_CHECK(testing::same_buckets(testing::coded_back(tier, *buckets), *buckets));
}

void try_open(std::string_view bytes) {
  const auto open = decode_open(bytes);
  if (!open) return check_refusal(open);
  const auto again = decode_open(encode_open(*open));
  WL_CHECK(again.has_value() && testing::same_open(*again, *open));
}

std::string sealed(std::string_view body) {
  std::string bytes(rollup::seal_bytes, '\0');
  bytes += body;
  rollup::seal(bytes);
  return bytes;
}

/// A head that stands the first looks, so that the columns are reached.
std::string sealed_with_head(Tier tier, std::string_view body) {
  std::string whole(body);
  if (whole.size() > 5) {
    whole[0] = static_cast<char>(tier);
    whole[1] = static_cast<char>(1 + static_cast<unsigned char>(whole[1]) % block_capacity(tier));
    whole[4] = static_cast<char>(static_cast<unsigned char>(whole[4]) % 10);
  }
  return sealed(whole);
}

void try_any_buckets(Tier tier, std::string_view input) {
  std::uint64_t seed = 0;
  std::memcpy(&seed, input.data(), std::min(input.size(), sizeof seed));
  std::mt19937_64 random(seed);
  std::vector<Bucket> buckets;
  const std::int64_t block = static_cast<std::int64_t>(random() % 1'000'000) - 500'000;
  for (std::size_t i = 0; i < block_capacity(tier); i += 1 + random() % 50) {
    const Timestamp start{block * block_length(tier) +
                          static_cast<std::int64_t>(i) * bucket_length(tier)};
    buckets.push_back(testing::any_bucket(tier, start, random));
  }
  WL_CHECK(testing::same_buckets(testing::coded_back(tier, buckets), buckets));

  // The same block with some of its bytes changed and signed again.
  std::string spoiled = encode_buckets(tier, buckets);
  const std::size_t body = spoiled.size() - rollup::seal_bytes;
  for (std::size_t i = sizeof seed; i + 1 < input.size() && i < 16; i += 2)
    spoiled[rollup::seal_bytes + static_cast<unsigned char>(input[i]) % body] = input[i + 1];
  rollup::seal(spoiled);
  try_block(tier, spoiled);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Tier tier = all_tiers[data[0] / 8 % 3];
  switch (data[0] % 8) {
    case 0:
      try_block(tier, input);
      break;
    case 1:
      try_open(input);
      break;
    case 2:
      try_open(sealed(input));
      break;
    case 3:
      try_block(tier, sealed(input));
      break;
    case 4:
      try_any_buckets(tier, input);
      break;
    default:
      try_block(tier, sealed_with_head(tier, input));
      break;
  }
  return 0;
}
