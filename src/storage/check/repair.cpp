#include "storage/check/repair.hpp"

#include <algorithm>

#include "storage/historian/block_edits.hpp"
#include "storage/historian/hot_minutes.hpp"
#include "storage/historian/hot_part.hpp"
#include "storage/rollup/bucket_math.hpp"

namespace wl::storage::check {

RollupRepair::RollupRepair(Tables& tables, const Plant& plant)
    : tables_(tables), names_(tables, plant), views_(plant), memory_(WriterMemory::load(tables)) {
  names_.refresh();
}

void RollupRepair::renew_hour(PointRow row, Timestamp hour, std::span<const Sample> samples,
                              const AliveTimeline& alive) {
  OpenBuckets& open = memory_.of(row).open;
  const auto& growing = open.of_tier[index_of(Tier::hour)];
  const bool grows = growing && growing->start == hour;
  fold_hot_minutes(tables_, {segment_of(row), hour});  // Edits are made in blocks.
  BlockEdits edits(tables_);
  for (const Tier tier : all_tiers) {
    std::vector<Bucket> wanted = build_buckets(tier, samples, alive);
    if (grows) {
      open.of_tier[index_of(tier)] = wanted.back();
      wanted.pop_back();
    }
    edits.load(tier, block_start(tier, hour), {&row, 1});
    std::vector<Bucket>& stored = edits.change(tier, row, block_start(tier, hour));
    std::erase_if(stored, [&](const Bucket& bucket) { return hour_of(bucket.start) == hour; });
    for (const Bucket& bucket : wanted) put_bucket(stored, bucket);
  }
  edits.save();
  if (grows) {
    const OpenRow newest{row, encode_open(open)};
    tables_.put_open({&newest, 1});
  }
  const auto point = names_.point_of(row);
  if (point && views_.shows(*point)) views_.renew(tables_, names_, memory_, hour, {*point});
}

}  // namespace wl::storage::check
