// Stored and open buckets of one point as one series.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "storage/rollup/bucket_codec.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

struct BucketRange {
  std::optional<Bucket> before;  ///< The newest that ends at or before the start of the range.
  std::vector<Bucket> buckets;   ///< In the range, ascending.
};

/// What open_of() says, decoded. Throws DatabaseError.
OpenBuckets read_open(Tables& tables, PointRow row);

/// Buckets that start in [from, to), and what is held before. `from` is the start of a bucket of
/// the tier. Reads blocks only where the open bucket does not answer already.
BucketRange read_buckets(Tables& tables, const OpenBuckets& open, PointRow row, Tier tier,
                         Timestamp from, Timestamp to);

/// The same, oldest first and in pieces, each gone after its call; the bucket before is the first.
void visit_buckets(Tables& tables, const OpenBuckets& open, PointRow row, Tier tier, Timestamp from,
                   Timestamp to, const std::function<void(std::span<const Bucket>)>& visit);

}  // namespace wl::storage
