#include "collector/clean/cleaner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "collector/link_history.hpp"

namespace wl::collector {
namespace {

constexpr Milliseconds shortest{1};

std::uint64_t bits(double number) {
  return std::bit_cast<std::uint64_t>(number);
}

/// What the source said, without our note about its clock.
Quality without_edit(Quality quality) {
  return quality == quality::good_edited ? quality::good : quality;
}

Quality edited(Quality quality, std::optional<CleaningReason> dating) {
  const bool notes = dating && words_of(*dating).status == quality::good_edited;
  return notes && quality == quality::good ? quality::good_edited : quality;
}

}  // namespace

/// One value on its way through the decisions.
struct Cleaner::Arrival {
  PointId point;
  const PointSpec& spec;
  Judgement judged;
  Claim claim;
  Timestamp received;
  PointMemory& memory;
  LiveValue& held;

  Arrival(const Plant& plant, PointId id, const DataValue& value, Timestamp received_at,
          PointMemory& known, LiveValue& newest)
      : point(id),
        spec(plant.point(id)),
        judged(judge(spec, value)),
        claim{value.source_time, judged.number ? bits(*judged.number) : 0, value.quality},
        received(received_at),
        memory(known),
        held(newest) {
    const bool unmoved = judged.number && bits(*judged.number) == bits(held.value);
    if (memory.stuck && unmoved && !judged.reason)
      judged.quality = words_of(CleaningReason::stuck).status;
  }

  bool moves() const {
    return !judged.number || bits(*judged.number) != bits(held.value) || !claim.quality.is_good();
  }
  /// Our clock was set back since the value before.
  bool clock_went_back() const { return received < memory.received; }
  bool same_quality() const { return judged.quality == without_edit(held.quality); }
  bool same() const {
    return same_quality() && bits(judged.number.value_or(held.value)) == bits(held.value);
  }
  /// Behind the held value, unless our clock went back.
  Timestamp receipt() const {
    return clock_went_back() ? received
                             : std::max<Timestamp>(received, held.source_time + shortest);
  }
};

Cleaner::Cleaner(const Plant& plant)
    : plant_(plant), memory_(plant.points.size()), counts_(plant.points.size()) {
  for (std::uint32_t i = 0; i < plant.points.size(); ++i)
    if (plant.points[i].stuck_after > Milliseconds{}) may_stick_.push_back(PointId{i});
}

std::optional<Sample> Cleaner::live(PointId point, const DataValue& value, Timestamp received_at,
                                    LiveValue& held) {
  told_ = received_at;
  const Arrival arrival(plant_, point, value, received_at, memory_[point.value], held);
  if (is_repeated(arrival)) return none(point, CleaningReason::repeated);
  const auto sample = hold(arrival, date(arrival));
  arrival.memory.received = received_at;
  return sample;
}

std::optional<Sample> Cleaner::history(PointId point, const DataValue& value, LiveValue& held) {
  const Timestamp at = value.source_time;
  if (at > told_ + plant_.clock_tolerance || at < told_ - oldest_value)
    return none(point, CleaningReason::undatable);
  const Arrival arrival(plant_, point, value, told_, memory_[point.value], held);
  const bool known = arrival.memory.knows(arrival.claim);
  if (known || at == held.source_time) return none(point, CleaningReason::repeated);
  if (at > held.source_time) return hold(arrival, {at, std::nullopt});
  return late(arrival);
}

/// The newest again (a new subscription begins with it), or one before it again (a notification
/// that was not acknowledged). A frozen clock repeats times, so an equal time alone says nothing.
bool Cleaner::is_repeated(const Arrival& arrival) const {
  const PointMemory& memory = arrival.memory;
  if (!memory.has_newest) return false;
  if (arrival.claim == memory.newest) return true;
  if (arrival.claim.at <= arrival.held.source_time && arrival.same()) return true;
  return arrival.claim.at < memory.newest.at && arrival.same_quality() &&
         memory.knows(arrival.claim);
}

Cleaner::Dating Cleaner::date(const Arrival& arrival) const {
  const Timestamp at = arrival.claim.at;
  const PointMemory& memory = arrival.memory;
  const Timestamp receipt = arrival.receipt();
  if (at == Timestamp{}) return {receipt, CleaningReason::undated};
  if (at > arrival.received + plant_.clock_tolerance) return {receipt, CleaningReason::clock_ahead};
  const bool in_order = at > arrival.held.source_time || arrival.clock_went_back();
  // A change of quality bears the time of its old value.
  if (!in_order && !arrival.same_quality()) return {receipt, std::nullopt};
  if (is_wrong(arrival)) return {receipt, CleaningReason::clock_wrong};
  if (!in_order) {
    const bool one_millisecond = at == arrival.held.source_time;
    return {receipt, one_millisecond ? std::nullopt : std::optional(CleaningReason::clock_back)};
  }
  // It was not there when the one before arrived, and did not wait in a queue with it either.
  const bool behind = !arrival.clock_went_back() && at + plant_.clock_tolerance < memory.received &&
                      at - memory.newest.at <= arrival.received - memory.received;
  return {at, behind ? std::optional(CleaningReason::clock_behind) : std::nullopt};
}

/// What comes first may be steady for long; what was not there a day after its time is wrong.
bool Cleaner::is_wrong(const Arrival& arrival) const {
  const Timestamp before = arrival.memory.received;
  if (before == Timestamp{}) return arrival.claim.at < arrival.received - oldest_value;
  return arrival.claim.at < std::min(arrival.received, before) - longest_behind;
}

/// The quality after a look at the number before; a spike is doubted and its return is not, a step
/// is doubted until the plant could have got there.
Quality Cleaner::rate_checked(const Arrival& arrival, Timestamp at, Believed& believed) {
  const Judgement& judged = arrival.judged;
  if (!judged.number || !judged.quality.is_good()) return judged.quality;
  const double seconds = std::chrono::duration<double>(at - believed.at).count();
  const bool comparable = arrival.spec.max_rate > 0 && believed.known && seconds > 0;
  if (comparable && std::abs(*judged.number - believed.number) > arrival.spec.max_rate * seconds) {
    counts_.add(arrival.point, CleaningReason::too_fast);
    return words_of(CleaningReason::too_fast).status;
  }
  believed = {at, *judged.number, true};
  return judged.quality;
}

std::optional<Sample> Cleaner::hold(const Arrival& arrival, Dating dating) {
  PointMemory& memory = arrival.memory;
  if (arrival.judged.reason) counts_.add(arrival.point, *arrival.judged.reason);
  if (dating.reason) counts_.add(arrival.point, *dating.reason);
  if (arrival.moves()) {
    memory.still = {};
    memory.stuck = false;
  }
  const Quality quality = rate_checked(arrival, dating.at, memory.live);
  memory.remember(arrival.claim);
  memory.newest = arrival.claim;
  memory.has_newest = true;
  arrival.held = {arrival.judged.number.value_or(arrival.held.value),
                  edited(quality, dating.reason), dating.at};
  return Sample{arrival.point, arrival.held.value, arrival.held.quality, dating.at};
}

Sample Cleaner::late(const Arrival& arrival) {
  if (arrival.judged.reason) counts_.add(arrival.point, *arrival.judged.reason);
  counts_.add(arrival.point, CleaningReason::late);
  PointMemory& memory = arrival.memory;
  if (memory.past.at >= arrival.claim.at) memory.past.known = false;  // Another stretch begins.
  const double before = memory.past.known ? memory.past.number : arrival.held.value;
  const Quality quality = rate_checked(arrival, arrival.claim.at, memory.past);
  memory.remember(arrival.claim);
  return {arrival.point, arrival.judged.number.value_or(before), quality, arrival.claim.at};
}

std::optional<Sample> Cleaner::none(PointId point, CleaningReason reason) {
  counts_.add(point, reason);
  return std::nullopt;
}

std::vector<Sample> Cleaner::on_tick(Now now, bool link_alive, std::span<LiveValue> held) {
  std::vector<Sample> samples;
  told_ = now.wall;
  const bool was_alive = alive_at_.has_value();
  const Milliseconds before = std::exchange(alive_at_, now.monotonic).value_or(now.monotonic);
  if (!link_alive) alive_at_.reset();
  const Milliseconds passed = std::clamp(now.monotonic - before, Milliseconds{}, longest_silence);
  for (const PointId point : may_stick_) {
    PointMemory& memory = memory_[point.value];
    LiveValue& value = held[point.value];
    if (!link_alive || !was_alive) memory.still = {};  // It may have moved and come back.
    if (memory.stuck || !value.quality.is_good()) continue;
    memory.still += passed;
    if (memory.still < plant_.point(point).stuck_after) continue;
    memory.stuck = true;
    counts_.add(point, CleaningReason::stuck);
    value.quality = words_of(CleaningReason::stuck).status;
    value.source_time = std::max<Timestamp>(now.wall, value.source_time + shortest);
    samples.push_back({point, value.value, value.quality, value.source_time});
  }
  return samples;
}

}  // namespace wl::collector
