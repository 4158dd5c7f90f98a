// History as a person would keep it: all samples in a map, statistics counted again for each
// question. What the Historian is compared with. Header only.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/rollup/bucket_math.hpp"
#include "storage/rollup/calendar.hpp"
#include "storage/rollup/compose.hpp"
#include "storage/store.hpp"

namespace wl::storage {

inline bool same_sample(const Sample& a, const Sample& b) {
  return a.point == b.point && a.quality == b.quality && a.source_time == b.source_time &&
         std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

class PlainHistory {
 public:
  void write(const Batch& batch) {
    if (!seen_.insert(batch.seq).second) return;
    for (const Sample& sample : batch.samples) {
      samples_[sample.point].insert_or_assign(sample.source_time, sample);
    }
    for (const LinkInterval& interval : batch.intervals) links_.push_back(interval);
  }

  std::vector<Sample> range(PointId point, Timestamp from, Timestamp to) const {
    std::vector<Sample> found;
    const auto at = samples_.find(point);
    if (at == samples_.end()) return found;
    for (auto sample = at->second.lower_bound(from);
         sample != at->second.end() && sample->first < to; ++sample)
      found.push_back(sample->second);
    return found;
  }

  std::optional<Sample> before(PointId point, Timestamp from) const {
    const std::vector<Sample> older = range(point, Timestamp::min(), from);
    return older.empty() ? std::nullopt : std::optional(older.back());
  }

  std::vector<StatisticsBucket> statistics(PointId point, Tier tier,
                                           const std::vector<Timestamp>& edges) const {
    const AliveTimeline alive(links_);
    const auto buckets =
        build_buckets(tier, range(point, Timestamp::min(), Timestamp::max()), alive);
    std::optional<Bucket> held;
    for (const Bucket& bucket : buckets)
      if (bucket.start < edges.front()) held = bucket;
    return compose(edges, held, buckets, alive);
  }

  std::optional<Sample> newest(PointId point) const { return before(point, Timestamp::max()); }

  std::optional<std::pair<Timestamp, Timestamp>> extent() const {
    std::optional<std::pair<Timestamp, Timestamp>> extent;
    for (const auto& [point, samples] : samples_) {
      const Timestamp first = samples.begin()->first;
      const Timestamp last = samples.rbegin()->first;
      if (!extent) extent.emplace(first, last);
      extent->first = std::min(extent->first, first);
      extent->second = std::max(extent->second, last);
    }
    return extent;
  }

 private:
  std::set<std::uint64_t> seen_;
  std::map<PointId, std::map<Timestamp, Sample>> samples_;
  std::vector<LinkInterval> links_;
};

inline std::string text_of(const StatisticsBucket& bucket) {
  const auto number = [](const std::optional<double>& value) {
    return value ? ::testing::PrintToString(std::bit_cast<std::uint64_t>(*value)) + "(" +
                       ::testing::PrintToString(*value) + ")"
                 : std::string("-");
  };
  return to_iso8601(bucket.from) + " n=" + std::to_string(bucket.count) + "/" +
         std::to_string(bucket.usable) + " sum=" + number(bucket.sum) +
         " min=" + number(bucket.min) + " max=" + number(bucket.max) +
         " mean=" + number(bucket.mean) + " first=" + number(bucket.first) +
         " last=" + number(bucket.last) + " good=" + number(bucket.good_share);
}

}  // namespace wl::storage
