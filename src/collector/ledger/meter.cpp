#include "collector/ledger/meter.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.hpp"

namespace wl::collector::ledger {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t milli_per_kilo = 1'000'000;
constexpr std::int64_t mw_ms_per_milli_wh = 3'600'000;
/// Beyond this a double no longer tells milli-Wh apart; no meter shows it.
constexpr double highest_kwh = 1e9;
constexpr std::size_t confirmations = 3;

std::int64_t to_milli(double kilo) {
  return std::llround(kilo * static_cast<double>(milli_per_kilo));
}

bool crosses_edge(Span span) {
  return bucket_of(span.from) != bucket_of(span.to - Milliseconds{1});
}

/// Calls `use(bucket start, part)` for each part of `span` that lies in one bucket.
template <class Use>
void each_bucket(Span span, Use use) {
  while (span.from < span.to) {
    const Timestamp start = bucket_of(span.from);
    const Timestamp end = std::min<Timestamp>(start + bucket_length, span.to);
    use(start, Span{span.from, end});
    span.from = end;
  }
}

}  // namespace

Reading to_reading(const MeterSpec& spec, double value, bool good, Timestamp at) {
  const bool counts = spec.source == Source::counter;
  const bool number = std::isfinite(value) && std::abs(value) <= highest_kwh;
  const bool usable = good && number && (!counts || value >= 0);
  return {at, usable ? to_milli(value) : 0, usable};
}

Timestamp first_open_bucket(const MeterSpec& spec, const MeterState& settled) {
  if (!settled.mark) return {};
  const bool spreads = spec.source == Source::counter && settled.last;
  return bucket_of(spreads ? std::min(*settled.mark, settled.last->at) : *settled.mark);
}

Meter::Meter(const MeterSpec& spec, const AliveSpans& alive, MeterState state,
             std::vector<LedgerEvent> events)
    : spec_(spec), alive_(alive), state_(std::move(state)), events_(std::move(events)) {
  WL_CHECK(spec.max_power_kw > 0 && spec.max_power_kw <= 1e6);
  max_power_mw_ = to_milli(spec.max_power_kw);
  resolution_ = to_milli(spec.resolution_kwh);
  modulus_ = to_milli(spec.modulus_kwh);
}

void Meter::read(const Reading& reading) {
  advance(reading.at);
  state_.usable = reading.usable;
  if (!reading.usable) return;
  if (spec_.source == Source::power) {
    read_power(reading);
  } else {
    read_counter(reading);
  }
}

void Meter::finish(Timestamp tail) {
  if (state_.usable && state_.last) advance(tail);
  if (!state_.held.empty()) state_.buckets[bucket_of(state_.held.front().at)].uncertain = true;
}

bool Meter::settle(Timestamp until) {
  if (!state_.usable || !state_.last || !state_.mark || until <= *state_.mark) return false;
  advance(until);
  if (spec_.source == Source::power || !state_.held.empty() || !alive_.covers(until)) return true;
  state_.last->at = until;
  state_.hole.reset();
  return true;
}

void Meter::advance(Timestamp to) {
  if (!state_.mark) state_.mark = to;
  if (to <= *state_.mark) return;
  Timestamp seen = std::max<Timestamp>(*state_.mark, to - longest_spread);
  state_.mark = to;
  const std::vector<Span> parts = state_.usable ? alive_.within(seen, to) : std::vector<Span>{};
  for (const Span& part : parts) {
    miss({seen, part.from});
    cover(part);
    seen = part.to;
  }
  miss({seen, to});
}

void Meter::cover(Span span) {
  const bool integrates = spec_.source == Source::power && state_.last;
  const std::int64_t power = integrates ? state_.last->value : 0;
  each_bucket(span, [&](Timestamp start, Span part) {
    const std::int64_t ms = (part.to - part.from).count();
    BucketSum& sum = state_.buckets[start];
    sum.covered_ms += static_cast<std::int32_t>(ms);
    state_.remainder += power * ms;
    sum.milli_wh += state_.remainder / mw_ms_per_milli_wh;
    state_.remainder %= mw_ms_per_milli_wh;
  });
}

void Meter::miss(Span span) {
  if (span.from >= span.to) return;
  if (!state_.hole) state_.hole = span.from;
  // Inside one bucket the counter bridges a hole exactly; power does not.
  const bool estimated = spec_.source == Source::power || crosses_edge(span);
  each_bucket(span, [&](Timestamp start, Span) { state_.buckets[start].estimated |= estimated; });
}

void Meter::read_power(const Reading& reading) {
  const bool plausible = reading.value >= 0 && 5 * reading.value <= 6 * max_power_mw_;
  if (!plausible) {
    record(EventKind::implausible_power, reading);
    state_.usable = false;
    return;
  }
  state_.last = reading;
}

/// 1.2 · P_max · Δt, and one step of a coarse meter.
std::int64_t Meter::most_between(const Reading& from, const Reading& to) const {
  std::int64_t six_mw_ms = 0;  // Of nearly all readings it fits; the wide division is slow.
  if (!__builtin_mul_overflow(6 * max_power_mw_, (to.at - from.at).count(), &six_mw_ms))
    return six_mw_ms / 5 / mw_ms_per_milli_wh + resolution_;
  const Wide mw_ms = Wide{6} * max_power_mw_ * (to.at - from.at).count() / 5;
  return static_cast<std::int64_t>(mw_ms / mw_ms_per_milli_wh) + resolution_;
}

Meter::Verdict Meter::judge(const Reading& from, const Reading& to) const {
  const std::int64_t delta = to.value - from.value;
  const std::int64_t most = most_between(from, to);
  if (delta >= 0) return delta <= most ? Verdict::rise : Verdict::implausible;
  if (-delta <= resolution_) return Verdict::dip;
  const bool at_the_end = 10 * from.value > 9 * modulus_ && 10 * to.value < modulus_;
  if (modulus_ > 0 && at_the_end && modulus_ + delta >= 0 && modulus_ + delta <= most)
    return Verdict::rollover;
  return Verdict::implausible;
}

void Meter::read_counter(const Reading& reading) {
  if (!state_.last) {
    state_.last = reading;
    state_.hole.reset();
    state_.buckets[bucket_of(reading.at)];
    return;
  }
  const Verdict verdict = judge(*state_.last, reading);
  if (verdict == Verdict::implausible) return hold(reading);
  drop_held();
  if (verdict == Verdict::dip) return;
  if (verdict == Verdict::rollover) record(EventKind::rollover, reading);
  const std::int64_t lap = verdict == Verdict::rollover ? modulus_ : 0;
  accept(reading, lap + reading.value - state_.last->value);
}

/// Spreads by time over the unseen part if there is one, else from reading to reading. Cumulative
/// rounding: the shares add up to `energy` exactly and none is negative.
void Meter::accept(const Reading& reading, std::int64_t energy) {
  const bool hole = state_.hole && *state_.hole < reading.at;
  Span span{hole ? *state_.hole : state_.last->at, reading.at};
  span.from = std::max<Timestamp>(span.from, span.to - longest_spread);
  const bool estimated = hole && crosses_edge(span);
  const std::int64_t whole = (span.to - span.from).count();
  std::int64_t given = 0;
  each_bucket(span, [&](Timestamp start, Span part) {
    const bool last = part.to == span.to;
    const Wide until = last ? energy : Wide{energy} * (part.to - span.from).count() / whole;
    BucketSum& sum = state_.buckets[start];
    sum.milli_wh += static_cast<std::int64_t>(until) - given;
    sum.estimated |= estimated;
    given = static_cast<std::int64_t>(until);
  });
  state_.last = reading;
  if (hole) state_.hole.reset();
}

void Meter::hold(const Reading& reading) {
  const bool goes_on =
      !state_.held.empty() && judge(state_.held.back(), reading) != Verdict::implausible;
  if (!goes_on) {
    drop_held();
    record(EventKind::held, reading);
  }
  state_.held.push_back(reading);
  if (state_.held.size() == confirmations) confirm();
}

void Meter::confirm() {
  const std::vector<Reading> held = std::exchange(state_.held, {});
  const Reading& first = held.front();
  const bool fell = first.value < state_.last->value;
  if (fell && first.value <= most_between(*state_.last, first)) {
    record(EventKind::reset, first);
    accept(first, first.value);
  } else {
    record(fell ? EventKind::swap : EventKind::jump, first);
    each_bucket({std::max<Timestamp>(state_.last->at, first.at - longest_spread), first.at},
                [&](Timestamp start, Span) { state_.buckets[start].uncertain = true; });
    accept(first, 0);
  }
  for (std::size_t i = 1; i < held.size(); ++i) read_counter(held[i]);
}

void Meter::drop_held() {
  if (!state_.held.empty()) record(EventKind::glitch, state_.held.front());
  state_.held.clear();
}

void Meter::record(EventKind kind, const Reading& reading) {
  const std::int64_t before = state_.last ? state_.last->value : 0;
  events_.push_back({spec_.device, kind, reading.at, before, reading.value});
}

}  // namespace wl::collector::ledger
