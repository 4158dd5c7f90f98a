#include "storage/rollup/compose.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace wl::storage {
namespace {

/// What holds from the newest sample on; nothing when that was not usable.
std::optional<double> held_after(const Bucket& bucket) {
  return bucket.ends_usable ? std::optional(bucket.last) : std::nullopt;
}

/// One bucket of the answer while it is filled, from its first to its last millisecond.
class Filling {
 public:
  Filling(Timestamp from, Timestamp to, std::optional<double> held, const AliveTimeline& alive)
      : reached_(from), held_(held), alive_(alive) {
    out_.from = from;
    out_.to = to;
  }

  /// The next bucket of the tier, which lies inside.
  void join(const Bucket& bucket) {
    hold_until(bucket.first_time);
    out_.count += bucket.count;
    out_.usable += bucket.usable;
    if (bucket.usable > 0) {
      sum_ += bucket.sum;
      include(bucket.min, bucket.max, bucket.first);
      last_ = bucket.last;
    }
    integral_ += bucket.integral;
    good_ms_ += bucket.held_ms;
    held_ = held_after(bucket);
    reached_ = bucket.last_time;
  }

  StatisticsBucket finish() {
    hold_until(out_.to);
    out_.sum = sum_;
    if (any_) {
      out_.min = min_;
      out_.max = max_;
      out_.first = first_;
      out_.last = last_;
      out_.mean = mean();
    }
    const auto length = static_cast<double>((out_.to - out_.from).count());
    out_.good_share = length > 0 ? static_cast<double>(good_ms_) / length : 0;
    return out_;
  }

 private:
  void hold_until(Timestamp until) {
    if (!held_) return;
    const std::int64_t held_ms = alive_.alive_ms(reached_, until);
    if (held_ms <= 0) return;
    integral_ += *held_ * static_cast<double>(held_ms);
    good_ms_ += held_ms;
    if (!any_) last_ = *held_;
    include(*held_, *held_, *held_);
  }

  void include(double low, double high, double first) {
    if (!any_) first_ = first;
    any_ = true;
    min_ = std::min(min_, low);
    max_ = std::max(max_, high);
  }

  /// Rounding, and integrals beyond the range of doubles, must not leave [min, max].
  double mean() const {
    const double mean = good_ms_ > 0 ? integral_ / static_cast<double>(good_ms_)
                                     : sum_ / static_cast<double>(out_.usable);
    if (std::isnan(mean)) return std::midpoint(min_, max_);
    return std::clamp(mean, min_, max_);
  }

  StatisticsBucket out_;
  Timestamp reached_;
  std::optional<double> held_;
  const AliveTimeline& alive_;
  // Apart from `out_`, where they stay in registers from bucket to bucket.
  bool any_ = false;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  double first_ = 0;
  double last_ = 0;
  double sum_ = 0;
  double integral_ = 0;
  std::int64_t good_ms_ = 0;
};

}  // namespace

std::vector<StatisticsBucket> compose(std::span<const Timestamp> edges,
                                      const std::optional<Bucket>& before,
                                      std::span<const Bucket> buckets, const AliveTimeline& alive) {
  std::vector<StatisticsBucket> answer;
  if (edges.size() < 2) return answer;
  answer.reserve(edges.size() - 1);
  std::optional<double> held = before ? held_after(*before) : std::nullopt;
  auto next = std::ranges::lower_bound(buckets, edges.front(), {}, &Bucket::start);
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    Filling filling(edges[i], edges[i + 1], held, alive);
    for (; next != buckets.end() && next->start < edges[i + 1]; ++next) {
      filling.join(*next);
      held = held_after(*next);
    }
    answer.push_back(filling.finish());
  }
  return answer;
}

}  // namespace wl::storage
