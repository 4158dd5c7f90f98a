// A Store of a few hundred samples in memory, for tests of those who ask one. It keeps raw samples
// only and counts every statistic from them, so it also says what a real Store should answer.
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include "storage/rollup/bucket_math.hpp"
#include "storage/rollup/calendar.hpp"
#include "storage/rollup/compose.hpp"
#include "storage/rollup/shift_times.hpp"
#include "storage/store.hpp"

namespace wl::storage::testing {

/// Does not join link intervals: give each stretch of time once.
class MemoryStore : public Store {
 public:
  explicit MemoryStore(const std::string& time_zone) : calendar_(*Calendar::of(time_zone)) {}

  Result<void> write_batch(const Batch& batch) override {
    seqs_[batch.source] = std::max(seqs_[batch.source], batch.seq);
    for (const Sample& sample : batch.samples) samples_[sample.point][sample.source_time] = sample;
    links_.insert(links_.end(), batch.intervals.begin(), batch.intervals.end());
    for (const EnergyBucket& bucket : batch.ledger.buckets)
      ledger_[{bucket.device, bucket.start}] = bucket;
    for (const MeterEvent& event : batch.ledger.events) events_.push_back(event);
    for (const OeeQuarter& quarter : batch.oee.quarters) oee_[quarter.start] = quarter.sums;
    for (const OeeStop& stop : batch.oee.stops) stops_.push_back(stop);
    std::ranges::sort(links_, {}, &LinkInterval::from);
    return {};
  }

  Result<std::uint64_t> last_seq(const std::string& source) override { return seqs_[source]; }

  Result<std::vector<Sample>> latest() override {
    std::vector<Sample> newest;
    for (const auto& [point, samples] : samples_) newest.push_back(samples.rbegin()->second);
    return newest;
  }

  Result<RawAnswer> read_raw(const RawQuery& query) override {
    RawAnswer answer;
    for (const PointId point : query.points) {
      RawSeries series{.point = point, .before = {}, .samples = {}};
      for (const auto& [time, sample] : samples_[point]) {
        if (time < query.from) series.before = sample;
        if (time >= query.from && time < query.to) series.samples.push_back(sample);
      }
      answer.series.push_back(std::move(series));
    }
    answer.intervals = links(query.from, query.to);
    answer.complete_to = query.to;
    return answer;
  }

  Result<StatisticsAnswer> statistics(const StatisticsQuery& query) override {
    StatisticsAnswer answer;
    answer.interval =
        query.interval.value_or(calendar_.finest(query.from, query.to, query.max_buckets));
    const auto edges = calendar_.edges(answer.interval, query.from, query.to, query.max_buckets);
    if (!edges) return std::unexpected(edges.error());
    const Tier tier = calendar_.tier_for(answer.interval, query.from, query.to);
    const AliveTimeline alive(links_);
    for (const PointId point : query.points) {
      std::vector<Sample> samples;
      for (const auto& [time, sample] : samples_[point]) samples.push_back(sample);
      const auto buckets = build_buckets(tier, samples, alive);
      const auto next = std::ranges::lower_bound(buckets, edges->front(), {}, &Bucket::start);
      const auto before = next == buckets.begin() ? std::nullopt : std::optional(*(next - 1));
      answer.series.push_back({point, compose(*edges, before, buckets, alive)});
    }
    answer.intervals = links(query.from, query.to);
    return answer;
  }

  Result<std::vector<EnergySeries>> energy(const EnergyQuery& query) override {
    if (query.interval == Interval::minute)
      return fail(Errc::invalid_argument, "the ledger has no minutes");
    const auto edges = calendar_.edges(query.interval, query.from, query.to, query.max_buckets);
    if (!edges) return std::unexpected(edges.error());
    std::vector<EnergySeries> answer;
    for (const DeviceId device : query.devices) {
      EnergySeries series{.device = device, .buckets = {}};
      for (std::size_t i = 0; i + 1 < edges->size(); ++i)
        series.buckets.push_back(sum_of(device, (*edges)[i], (*edges)[i + 1]));
      answer.push_back(std::move(series));
    }
    return answer;
  }

  /// Shifts of an OeeQuery.
  void plan(ShiftCalendar shifts) { shifts_ = std::move(shifts); }

  Result<OeeAnswer> oee(const OeeQuery& query) override {
    OeeAnswer answer;
    if (query.period == OeePeriod::shift) {
      for (const ShiftTime& time : ShiftTimes(shifts_, calendar_).between(query.from, query.to))
        answer.buckets.push_back({time.from, time.to, time.name});
    } else {
      const auto interval = static_cast<Interval>(static_cast<int>(query.period) + 1);
      const auto edges = calendar_.edges(interval, query.from, query.to, query.max_buckets);
      if (!edges) return std::unexpected(edges.error());
      for (std::size_t i = 0; i + 1 < edges->size(); ++i)
        answer.buckets.push_back({(*edges)[i], (*edges)[i + 1]});
    }
    for (const auto& [start, sums] : oee_) {
      if (start + oee_quarter_length > query.from && start < query.to) answer.total += sums;
      for (OeeBucket& bucket : answer.buckets)
        if (start >= bucket.from && start < bucket.to) bucket.sums += sums;
    }
    return answer;
  }

  Result<std::vector<OeeStop>> oee_stops(Timestamp from, Timestamp to,
                                         std::size_t limit) override {
    std::vector<OeeStop> found;
    for (const OeeStop& stop : stops_)
      if (stop.start < to && (!stop.end || *stop.end > from) && found.size() < limit)
        found.push_back(stop);
    return found;
  }

  Result<std::vector<MeterEvent>> meter_events(Timestamp from, Timestamp to,
                                               std::size_t limit) override {
    std::vector<MeterEvent> found;
    for (const MeterEvent& event : events_)
      if (event.at >= from && event.at < to && found.size() < limit) found.push_back(event);
    std::ranges::stable_sort(found, {}, &MeterEvent::at);
    return found;
  }

  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override {
    std::optional<std::pair<Timestamp, Timestamp>> extent;
    for (const auto& [point, samples] : samples_) {
      if (samples.empty()) continue;
      const Timestamp first = samples.begin()->first, last = samples.rbegin()->first;
      if (!extent) extent = {first, last};
      extent = {std::min(extent->first, first), std::max(extent->second, last)};
    }
    return extent;
  }

  Result<void> checkpoint() override { return {}; }

 private:
  std::vector<LinkInterval> links(Timestamp from, Timestamp to) const {
    std::vector<LinkInterval> touching;
    for (const LinkInterval& link : links_)
      if (link.from < to && link.to > from) touching.push_back(link);
    return touching;
  }

  EnergySum sum_of(DeviceId device, Timestamp from, Timestamp to) const {
    EnergySum sum{.from = from, .to = to};
    double covered_ms = 0;
    for (const auto& [key, bucket] : ledger_) {
      if (key.first != device || bucket.start < from || bucket.start >= to) continue;
      sum.milli_wh += bucket.milli_wh;
      sum.method = std::max(sum.method, bucket.method);
      sum.uncertain = sum.uncertain || bucket.uncertain;
      covered_ms += bucket.covered_ms;
    }
    sum.coverage = covered_ms / static_cast<double>((to - from).count());
    return sum;
  }

  Calendar calendar_;
  std::map<std::string, std::uint64_t> seqs_;
  std::map<PointId, std::map<Timestamp, Sample>> samples_;
  std::vector<LinkInterval> links_;
  std::map<std::pair<DeviceId, Timestamp>, EnergyBucket> ledger_;
  std::vector<MeterEvent> events_;
  ShiftCalendar shifts_;
  std::map<Timestamp, OeeSums> oee_;
  std::vector<OeeStop> stops_;
};

}  // namespace wl::storage::testing
