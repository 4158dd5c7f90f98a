// Changes to stored buckets, read and written by whole blocks.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "storage/rollup/bucket_codec.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// A bucket that no newer sample joins any more.
struct ClosedBucket {
  Tier tier = Tier::minute;
  PointRow row;
  Bucket bucket;
};

/// Place of a tier in OpenBuckets.
constexpr std::size_t index_of(Tier tier) {
  return static_cast<std::size_t>(tier) - 1;
}

/// The bucket that starts at `start`; null when there is none. `buckets` ascend.
Bucket* find_bucket(std::vector<Bucket>& buckets, Timestamp start);
/// Replaces the one with this start, or puts it in its place.
void put_bucket(std::vector<Bucket>& buckets, const Bucket& bucket);

/// Blocks of some points, in a write transaction of the caller. Throws DatabaseError.
class BlockEdits {
 public:
  explicit BlockEdits(Tables& tables) : tables_(tables) {}

  /// Reads the blocks that start at `start`, many points in one question.
  void load(Tier tier, Timestamp start, std::span<const PointRow> rows);
  /// The buckets of a block that was loaded; empty when there was none. It counts as changed.
  std::vector<Bucket>& change(Tier tier, PointRow row, Timestamp start);
  /// Writes what was changed and forgets all.
  void save();

 private:
  struct Key {
    Tier tier;
    Timestamp start;
    PointRow row;
    auto operator<=>(const Key&) const = default;
  };
  struct Block {
    std::vector<Bucket> buckets;
    bool changed = false;
  };

  Tables& tables_;
  std::map<Key, Block> blocks_;
};

/// Puts closed buckets into their blocks, in any order; one that is there is replaced.
void store_closed(Tables& tables, std::vector<ClosedBucket> closed);

}  // namespace wl::storage
