#include "storage/rollup/compose.hpp"

#include <algorithm>
#include <cmath>
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
      out_.sum += bucket.sum;
      include(bucket.min, bucket.max);
      if (!out_.first) out_.first = bucket.first;
      out_.last = bucket.last;
    }
    integral_ += bucket.integral;
    good_ms_ += bucket.held_ms;
    held_ = held_after(bucket);
    reached_ = bucket.last_time;
  }

  StatisticsBucket finish() {
    hold_until(out_.to);
    if (out_.min) out_.mean = mean();
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
    include(*held_, *held_);
    if (!out_.first) out_.first = held_;
    if (!out_.last) out_.last = held_;
  }

  void include(double low, double high) {
    out_.min = out_.min ? std::min(*out_.min, low) : low;
    out_.max = out_.max ? std::max(*out_.max, high) : high;
  }

  /// Rounding, and integrals beyond the range of doubles, must not leave [min, max].
  double mean() const {
    const double mean = good_ms_ > 0 ? integral_ / static_cast<double>(good_ms_)
                                     : out_.sum / static_cast<double>(out_.usable);
    if (std::isnan(mean)) return std::midpoint(*out_.min, *out_.max);
    return std::clamp(mean, *out_.min, *out_.max);
  }

  StatisticsBucket out_;
  Timestamp reached_;
  std::optional<double> held_;
  const AliveTimeline& alive_;
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
