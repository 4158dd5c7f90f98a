#include "storage/historian/rollup_reader.hpp"

#include <algorithm>

#include "storage/historian/block_edits.hpp"
#include "storage/historian/hot_minutes.hpp"
#include "storage/historian/stored_bytes.hpp"

namespace wl::storage {
namespace {

void append_buckets(const BlockRow& block, std::vector<Bucket>& buckets) {
  or_throw(decode_buckets(block.tier, block.body, buckets),
           {"rollup block", Owner::point, block.point.value, block.start});
}

/// The newest bucket of the tier that ends at or before `from`, in stored blocks only.
std::optional<Bucket> stored_before(Tables& tables, PointRow row, Tier tier, Timestamp from) {
  // The block around `from` may hold some; then whole older blocks.
  Timestamp behind = block_start(tier, from) + block_length(tier);
  for (int step = 0; step < 2; ++step) {
    const auto block = tables.block_before(tier, row, behind);
    if (!block) return std::nullopt;
    std::vector<Bucket> buckets;
    append_buckets(*block, buckets);
    for (auto bucket = buckets.rbegin(); bucket != buckets.rend(); ++bucket) {
      if (bucket->start + bucket_length(tier) <= from) return *bucket;
    }
    behind = block->start;
  }
  return std::nullopt;
}

/// Only the blocks around both ends reach out of the range.
void cut_to_range(BucketRange& range, Timestamp from, Timestamp to) {
  std::vector<Bucket>& buckets = range.buckets;
  while (!buckets.empty() && buckets.back().start >= to) buckets.pop_back();
  const auto inside = std::ranges::lower_bound(buckets, from, {}, &Bucket::start);
  if (inside == buckets.begin()) return;
  range.before = *std::prev(inside);
  buckets.erase(buckets.begin(), inside);
}

/// The newest bucket of the tier before a block that has none before `from`.
std::optional<Bucket> newest_before(Tables& tables, PointRow row, Tier tier, Timestamp from) {
  auto newest = stored_before(tables, row, tier, from);
  if (tier == Tier::minute) {
    const auto hot = hot_minute_before(tables, row, block_start(tier, from));
    if (hot && (!newest || newest->start < hot->start)) newest = hot;
  }
  // Minutes are kept for a limited time, hours for ever; both know the value that is held.
  if (!newest && tier != Tier::hour) newest = stored_before(tables, row, Tier::hour, from);
  return newest;
}

}  // namespace

OpenBuckets read_open(Tables& tables, PointRow row) {
  const auto stored = tables.open_of(row);
  if (!stored) return {};
  return or_throw(decode_open(stored->body), {"open rollups", Owner::point, row.value});
}

BucketRange read_buckets(Tables& tables, const OpenBuckets& open, PointRow row, Tier tier,
                         Timestamp from, Timestamp to) {
  BucketRange range;
  const auto& growing = open.of_tier[index_of(tier)];
  if (!growing) return range;  // Without an open bucket there has never been one.
  if (growing->start < from) {
    range.before = growing;  // All stored ones are older.
    return range;
  }
  const std::vector<BlockRow> blocks = tables.blocks(tier, row, block_start(tier, from), to);
  constexpr std::size_t hot_and_growing = 3 * 60 + 1;  // Mostly fewer than three hours are hot.
  range.buckets.reserve(blocks.size() * block_capacity(tier) + hot_and_growing);  // A MB a year.
  for (const BlockRow& block : blocks) append_buckets(block, range.buckets);
  if (tier == Tier::minute) {  // Those of hours that are not folded yet.
    for (const Bucket& hot : hot_minutes_of(tables, row, block_start(tier, from), to))
      put_bucket(range.buckets, hot);
  }
  cut_to_range(range, from, to);
  if (growing->start < to) put_bucket(range.buckets, *growing);
  if (!range.before) range.before = newest_before(tables, row, tier, from);
  return range;
}

void visit_buckets(Tables& tables, const OpenBuckets& open, PointRow row, Tier tier, Timestamp from,
                   Timestamp to, const std::function<void(std::span<const Bucket>)>& visit) {
  const auto& growing = open.of_tier[index_of(tier)];
  if (tier == Tier::minute || !growing || growing->start < from) {
    const BucketRange range = read_buckets(tables, open, row, tier, from, to);
    if (range.before) visit({&*range.before, 1});
    return visit(range.buckets);
  }
  std::vector<Bucket> piece;
  piece.reserve(block_capacity(tier) + 1);
  bool knows_before = false;
  const auto hand_on = [&] {
    const auto inside = std::ranges::lower_bound(piece, from, {}, &Bucket::start);
    if (!knows_before && inside == piece.begin()) {
      if (const auto before = newest_before(tables, row, tier, from)) visit({&*before, 1});
    }
    knows_before = true;
    const auto end = std::ranges::lower_bound(piece, to, {}, &Bucket::start);
    visit({piece.begin(), end});
    piece.clear();
  };
  for (const BlockRow& block : tables.blocks(tier, row, block_start(tier, from), to)) {
    if (!piece.empty()) hand_on();
    append_buckets(block, piece);
  }
  if (growing->start < to) put_bucket(piece, *growing);
  hand_on();
}

}  // namespace wl::storage
