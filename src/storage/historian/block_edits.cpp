#include "storage/historian/block_edits.hpp"

#include <algorithm>
#include <tuple>

#include "storage/historian/stored_bytes.hpp"

namespace wl::storage {
namespace {

/// Blocks in memory at a time: bounds what a minute of 10,000 points takes.
constexpr std::size_t slice = 512;

Timestamp block_of(const ClosedBucket& closed) {
  return block_start(closed.tier, closed.bucket.start);
}

auto order_of(const ClosedBucket& closed) {
  return std::tuple(closed.tier, block_of(closed), closed.row, closed.bucket.start);
}

bool same_block(const ClosedBucket& a, const ClosedBucket& b) {
  return a.tier == b.tier && block_of(a) == block_of(b);
}

}  // namespace

Bucket* find_bucket(std::vector<Bucket>& buckets, Timestamp start) {
  const auto at = std::ranges::lower_bound(buckets, start, {}, &Bucket::start);
  return at != buckets.end() && at->start == start ? &*at : nullptr;
}

void put_bucket(std::vector<Bucket>& buckets, const Bucket& bucket) {
  if (buckets.empty() || buckets.back().start < bucket.start) {
    buckets.push_back(bucket);
    return;
  }
  const auto at = std::ranges::lower_bound(buckets, bucket.start, {}, &Bucket::start);
  if (at != buckets.end() && at->start == bucket.start) {
    *at = bucket;
  } else {
    buckets.insert(at, bucket);
  }
}

void BlockEdits::load(Tier tier, Timestamp start, std::span<const PointRow> rows) {
  for (const BlockRow& found : tables_.blocks_at(tier, start, rows)) {
    blocks_[{tier, start, found.point}].buckets = or_throw(
        decode_buckets(tier, found.body), {"rollup block", Owner::point, found.point.value, start});
  }
}

std::vector<Bucket>& BlockEdits::change(Tier tier, PointRow row, Timestamp start) {
  Block& block = blocks_[{tier, start, row}];
  block.changed = true;
  return block.buckets;
}

void BlockEdits::save() {
  std::vector<BlockRow> rows;
  for (const auto& [key, block] : blocks_) {
    if (!block.changed || block.buckets.empty()) continue;
    rows.push_back({key.tier, key.row, key.start, encode_buckets(key.tier, block.buckets)});
  }
  if (!rows.empty()) tables_.put_blocks(rows);
  blocks_.clear();
}

void store_closed(Tables& tables, std::vector<ClosedBucket> closed) {
  std::ranges::sort(closed, {}, order_of);
  BlockEdits edits(tables);
  for (std::size_t at = 0; at < closed.size();) {
    std::vector<PointRow> rows;
    std::size_t end = at;
    while (end < closed.size() && same_block(closed[at], closed[end])) {
      const PointRow row = closed[end].row;
      if (rows.empty() || rows.back() != row) {
        if (rows.size() == slice) break;
        rows.push_back(row);
      }
      ++end;
    }
    edits.load(closed[at].tier, block_of(closed[at]), rows);
    for (; at < end; ++at) {
      const ClosedBucket& one = closed[at];
      put_bucket(edits.change(one.tier, one.row, block_of(one)), one.bucket);
    }
    edits.save();
  }
}

}  // namespace wl::storage
