#include "storage/rollup/compose.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wl::storage {
namespace {

/// Life without a gap: what most buckets of an answer lie in.
struct AlwaysAlive {
  std::int64_t alive_ms(Timestamp from, Timestamp to) const {
    return std::max<std::int64_t>(0, (to - from).count());
  }
};

void include(Composer::Filling& filling, double low, double high, double first) {
  if (!filling.any) filling.first = first;
  filling.any = true;
  filling.min = std::min(filling.min, low);
  filling.max = std::max(filling.max, high);
}

template <class Alive>
void hold_until(Composer::Filling& filling, Timestamp until, const Alive& alive) {
  if (!filling.holds) return;
  const std::int64_t held_ms = alive.alive_ms(filling.reached, until);
  if (held_ms <= 0) return;
  filling.integral += filling.held * static_cast<double>(held_ms);
  filling.good_ms += held_ms;
  if (!filling.any) filling.last = filling.held;
  include(filling, filling.held, filling.held, filling.held);
}

/// The filling with the next buckets, which lie inside. `Alive`: AliveTimeline, or AlwaysAlive,
/// where no call disturbs the sums, which stay in registers: a year is 8,760 hours a point.
template <class Alive>
Composer::Filling joined(Composer::Filling filling, std::span<const Bucket> inside,
                         const Alive& alive) {
  for (const Bucket& bucket : inside) {
    hold_until(filling, bucket.first_time, alive);
    filling.count += bucket.count;
    filling.usable += bucket.usable;
    if (bucket.usable > 0) {
      filling.sum += bucket.sum;
      include(filling, bucket.min, bucket.max, bucket.first);
      filling.last = bucket.last;
    }
    filling.integral += bucket.integral;
    filling.good_ms += bucket.held_ms;
    filling.holds = bucket.ends_usable;
    filling.held = bucket.last;
    filling.reached = bucket.last_time;
  }
  return filling;
}

/// Rounding, and integrals beyond the range of doubles, must not leave [min, max].
double mean_of(const Composer::Filling& filling) {
  const double mean = filling.good_ms > 0 ? filling.integral / static_cast<double>(filling.good_ms)
                                          : filling.sum / static_cast<double>(filling.usable);
  if (std::isnan(mean)) return std::midpoint(filling.min, filling.max);
  return std::clamp(mean, filling.min, filling.max);
}

}  // namespace

Composer::Composer(std::span<const Timestamp> edges, const AliveTimeline& alive)
    : edges_(edges), alive_(alive) {
  if (edges_.size() < 2) return;
  answer_.reserve(edges_.size() - 1);
  begin(edges_[0], edges_[1]);
}

void Composer::add(std::span<const Bucket> buckets) {
  for (auto next = buckets.begin(); next != buckets.end() && !complete();) {
    if (next->start < edges_.front()) {
      filling_.holds = next->ends_usable;
      filling_.held = next->last;
      ++next;
      continue;
    }
    if (next->start >= to_) {
      close();
      continue;
    }
    const auto first = next;
    while (next != buckets.end() && next->start < to_) ++next;
    const std::span inside(first, next);
    filling_ = whole_ ? joined(filling_, inside, AlwaysAlive{}) : joined(filling_, inside, alive_);
  }
}

std::vector<StatisticsBucket> Composer::finish() {
  while (!complete()) close();
  return std::move(answer_);
}

bool Composer::complete() const {
  return answer_.size() + 1 >= edges_.size();
}

void Composer::begin(Timestamp from, Timestamp to) {
  filling_ = {.reached = from, .holds = filling_.holds, .held = filling_.held};
  from_ = from;
  to_ = to;
  whole_ = alive_.alive_ms(from, to) == (to - from).count();
}

void Composer::close() {
  hold_until(filling_, to_, alive_);
  StatisticsBucket out;
  out.from = from_;
  out.to = to_;
  out.count = filling_.count;
  out.usable = filling_.usable;
  out.sum = filling_.sum;
  if (filling_.any) {
    out.min = filling_.min;
    out.max = filling_.max;
    out.first = filling_.first;
    out.last = filling_.last;
    out.mean = mean_of(filling_);
  }
  const auto length = static_cast<double>((to_ - from_).count());
  out.good_share = length > 0 ? static_cast<double>(filling_.good_ms) / length : 0;
  answer_.push_back(out);
  if (!complete()) begin(to_, edges_[answer_.size() + 1]);
}

std::vector<StatisticsBucket> compose(std::span<const Timestamp> edges,
                                      const std::optional<Bucket>& before,
                                      std::span<const Bucket> buckets, const AliveTimeline& alive) {
  Composer composer(edges, alive);
  if (edges.size() < 2) return composer.finish();
  if (before) composer.add({&*before, 1});
  const auto inside = std::ranges::lower_bound(buckets, edges.front(), {}, &Bucket::start);
  composer.add({inside, buckets.end()});
  return composer.finish();
}

}  // namespace wl::storage
