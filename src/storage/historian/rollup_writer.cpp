#include "storage/historian/rollup_writer.hpp"

#include <algorithm>
#include <utility>

#include "storage/historian/hot_minutes.hpp"
#include "storage/historian/raw_reader.hpp"
#include "storage/historian/stored_bytes.hpp"
#include "storage/historian/widen.hpp"
#include "storage/rollup/bucket_math.hpp"

namespace wl::storage {
namespace {

/// Late points of one hour that are in memory at a time.
constexpr std::size_t slice = 256;

/// The buckets of one hour of one point: in blocks, and those that are open.
class HourBuckets {
 public:
  HourBuckets(BlockEdits& edits, OpenBuckets& open, PointRow row, Timestamp hour)
      : edits_(edits), open_(open), row_(row), hour_(hour) {
    const auto& growing = open.of_tier[index_of(Tier::hour)];
    grows_ = growing && growing->start == hour;
  }

  /// Later samples of the point may still join buckets of this hour.
  bool grows() const { return grows_; }

  /// Null when the point has no sample in the hour yet.
  Bucket* whole_hour() { return find(Tier::hour, hour_); }

  Bucket* find(Tier tier, Timestamp start) {
    auto& growing = open_.of_tier[index_of(tier)];
    if (grows_ && growing->start == start) return &*growing;
    if (grows_ && tier == Tier::hour) return nullptr;
    return find_bucket(block(tier), start);
  }

  /// All buckets of one tier, computed again.
  void replace(Tier tier, std::span<const Bucket> buckets) {
    if (grows_) {
      open_.of_tier[index_of(tier)] = buckets.back();
      buckets = buckets.first(buckets.size() - 1);
    }
    for (const Bucket& bucket : buckets) put_closed(tier, bucket);
  }
  void put_closed(Tier tier, const Bucket& bucket) { put_bucket(block(tier), bucket); }

  /// The newest of each tier.
  OpenBuckets newest() {
    if (grows_) return open_;
    OpenBuckets found;
    for (const Tier tier : all_tiers) {
      const auto& buckets = block(tier);
      const auto behind = std::ranges::lower_bound(buckets, hour_ + one_hour, {}, &Bucket::start);
      if (behind != buckets.begin() && std::prev(behind)->start >= hour_)
        found.of_tier[index_of(tier)] = *std::prev(behind);
    }
    return found;
  }
  void set_newest(const OpenBuckets& newest) {
    if (grows_) {
      open_ = newest;
      return;
    }
    for (const Tier tier : all_tiers) put_closed(tier, *newest.of_tier[index_of(tier)]);
  }

 private:
  std::vector<Bucket>& block(Tier tier) {
    return edits_.change(tier, row_, block_start(tier, hour_));
  }

  BlockEdits& edits_;
  OpenBuckets& open_;
  PointRow row_;
  Timestamp hour_;
  bool grows_ = false;
};

/// `samples` are all that the hour has.
void compute(HourBuckets& hour, std::span<const Sample> samples, const AliveTimeline& alive) {
  for (const Tier tier : all_tiers) hour.replace(tier, build_buckets(tier, samples, alive));
}

/// `samples` come after all that the hour has.
void append(HourBuckets& hour, PointRow row, std::span<const Sample> samples,
            const AliveTimeline& alive) {
  OpenBuckets newest = hour.newest();
  std::vector<ClosedBucket> closed;
  grow(newest, row, samples, alive, closed);
  for (const ClosedBucket& one : closed) hour.put_closed(one.tier, one.bucket);
  hour.set_newest(newest);
}

/// `samples` come somewhere among those of the hour, which are not there any more.
void add_unseen(HourBuckets& hour, std::span<const Sample> samples, const AliveTimeline& alive) {
  for (const Tier tier : all_tiers) {
    for (const Bucket& late : build_buckets(tier, samples, alive)) {
      if (Bucket* known = hour.find(tier, late.start)) {
        widen(*known, late, alive);
      } else {
        hour.put_closed(tier, late);
      }
    }
  }
}

}  // namespace

void grow(OpenBuckets& open, PointRow row, std::span<const Sample> samples,
          const AliveTimeline& alive, std::vector<ClosedBucket>& closed) {
  for (const Tier tier : all_tiers) {
    std::optional<Bucket>& bucket = open.of_tier[index_of(tier)];
    auto rest = samples;
    while (!rest.empty()) {
      const auto joins = bucket ? inside(tier, *bucket, rest) : std::span<const Sample>{};
      if (!joins.empty()) extend(*bucket, joins, alive);
      rest = rest.subspan(joins.size());
      if (rest.empty()) break;
      if (bucket) closed.push_back({tier, row, *bucket});
      bucket = first_bucket(tier, rest.front());
      rest = rest.subspan(1);
    }
  }
}

LateRollups::LateRollups(Tables& tables, WriterMemory& memory, LinkInterval proven)
    : tables_(tables), memory_(memory), proven_(std::move(proven)) {}

void LateRollups::apply(std::vector<LateRun> runs) {
  std::ranges::sort(runs, {}, [](const LateRun& run) { return std::pair(run.hour, run.row); });
  for (std::size_t at = 0; at < runs.size();) {
    std::size_t end = at;
    while (end < runs.size() && end - at < slice && runs[end].hour == runs[at].hour) ++end;
    apply_slice(std::span(runs).subspan(at, end - at));
    at = end;
  }
}

void LateRollups::apply_slice(std::span<const LateRun> runs) {
  const Timestamp hour = runs.front().hour;
  std::vector<PointRow> rows;
  for (const LateRun& run : runs) rows.push_back(run.row);
  fold_minutes_of(rows, hour);
  BlockEdits edits(tables_);
  for (const Tier tier : all_tiers) edits.load(tier, block_start(tier, hour), rows);
  const AliveTimeline alive = alive_in(hour);
  RawReader raw(tables_);
  for (const LateRun& run : runs) apply_one(run, alive, raw, edits);
  edits.save();
}

/// Edits are made in blocks. Rows ascend, so that equal segments lie side by side.
void LateRollups::fold_minutes_of(std::span<const PointRow> rows, Timestamp hour) {
  std::optional<std::uint32_t> folded;
  for (const PointRow row : rows) {
    memory_.of(row).recent.clear();
    if (folded != segment_of(row)) fold_hot_minutes(tables_, {segment_of(row), hour});
    folded = segment_of(row);
  }
}

void LateRollups::apply_one(const LateRun& run, const AliveTimeline& alive, RawReader& raw,
                            BlockEdits& edits) {
  OpenBuckets& open = memory_.of(run.row).open;
  HourBuckets hour(edits, open, run.row, run.hour);
  const Bucket* known = hour.whole_hour();
  if (known == nullptr) {
    compute(hour, run.samples, alive);
    return;
  }
  const auto among = before(run.samples, known->last_time + Milliseconds{1});
  const auto behind = run.samples.subspan(among.size());
  const bool raw_removed = memory_.raw_removed_before && run.hour < *memory_.raw_removed_before;
  if (!among.empty() && !raw_removed) {
    if (const auto samples = whole_hour(run, raw)) {
      compute(hour, *samples, alive);
      return;
    }
  }
  if (!among.empty()) add_unseen(hour, among, alive);
  if (!behind.empty()) append(hour, run.row, behind, alive);
}

std::optional<std::vector<Sample>> LateRollups::whole_hour(const LateRun& run, RawReader& raw) {
  try {
    return raw.hour({run.row, run.point}, run.hour);
  } catch (const DamagedBytes& damage) {
    // Its hour cannot be computed again, and the batch is not to wait for a restore.
    if (damage.cause().code != Errc::corrupt) throw;
    return std::nullopt;
  }
}

AliveTimeline LateRollups::alive_in(Timestamp hour) {
  AliveTimeline alive(tables_.links(hour, hour + one_hour));
  alive.add(proven_);
  return alive;
}

}  // namespace wl::storage
