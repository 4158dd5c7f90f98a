#include "collector/oee/oee_account.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wl::collector::oee {
namespace {

constexpr Milliseconds most_ahead = std::chrono::hours{1};
constexpr Milliseconds longest_silence = std::chrono::days{366};
/// A shift is at most 24 h, 25 where clocks are put back.
constexpr Milliseconds given_kept = std::chrono::hours{26};
constexpr Milliseconds shortest_horizon = std::chrono::minutes{30};
/// Beyond so many times `late_readings` or `late_horizon` the window is cut though a reading in it
/// waits for the next one.
constexpr int most_windows = 4;
/// A double tells integers apart up to here.
constexpr double highest_number = 9e15;

bool is_number(const Sample& sample) {
  return sample.quality.is_good() && std::isfinite(sample.value) &&
         std::abs(sample.value) <= highest_number;
}

template <class Reading>
auto first_after(std::vector<Reading>& list, Timestamp at) {
  return std::ranges::upper_bound(list, at, {}, &Reading::at);
}

template <class Reading>
std::size_t count_after(const std::vector<Reading>& list, Timestamp at) {
  const auto first = std::ranges::upper_bound(list, at, {}, &Reading::at);
  return static_cast<std::size_t>(list.end() - first);
}

void drop_up_to(LineReadings& readings, Timestamp at) {
  const auto drop = [at](auto& list) { list.erase(list.begin(), first_after(list, at)); };
  drop(readings.states);
  drop(readings.products);
  drop(readings.counts);
  drop(readings.rejects);
}

}  // namespace

OeeAccount::OeeAccount(LineRules rules, const PlannedTime& plan, AccountOptions options,
                       AccountState state)
    : rules_(std::move(rules)),
      plan_(plan),
      options_(options),
      alive_(3 * options.sampling_interval) {
  if (state.key != rules_.key) return;
  alive_.restore(std::move(state.alive));
  carry_ = std::move(state.carry);
  readings_ = std::move(state.readings);
  for (const OeeQuarter& quarter : state.given) given_[quarter.start] = quarter.sums;
}

AccountState OeeAccount::state() const {
  AccountState state{rules_.key, carry_, readings_, alive_.all(), {}};
  for (const auto& [start, sums] : given_) state.given.push_back({start, sums});
  return state;
}

OeeEntries OeeAccount::on_batch(std::span<const Sample> samples,
                                std::span<const LinkInterval> intervals, Timestamp now) {
  OeeEntries entries;
  for (const LinkInterval& interval : intervals)
    if (interval.alive) alive_.add({interval.from, interval.to});
  for (const Sample& sample : samples) insert(sample, now);
  if (alive_.all().empty()) {
    forget_older_half();
    return entries;
  }
  if (carry_.from == Timestamp{}) begin();
  const Timestamp end = tail();
  leave_out_long_silence(end);
  const LineSweep sweep({rules_, plan_, alive_, carry_, readings_, end}, edges(end));
  give(sweep, entries);
  const bool force = std::cmp_greater(readings_.size(), most_windows * options_.late_readings) ||
                     end - carry_.from > most_windows * options_.late_horizon;
  if (auto carry = sweep.carry_on(force)) go_on_from(std::move(*carry));
  given_.erase(given_.begin(), given_.lower_bound(std::min(carry_.from, end - given_kept)));
  alive_.forget_before(carry_.from);
  return entries;
}

/// Time is accounted for from the quarter hour of the first proof of life.
void OeeAccount::begin() {
  carry_.from = quarter_of(alive_.all().front().from);
  const auto hold = [this](std::vector<CodeReading>& list, CodeReading& held) {
    const auto next = first_after(list, carry_.from);
    if (next != list.begin()) held = *std::prev(next);
  };
  const auto start = [this](std::vector<PieceReading>& list, PieceCounterState& counter) {
    const auto next = first_after(list, carry_.from);
    if (next == list.begin()) return;
    counter.last = *std::prev(next);
    counter.mark = carry_.from;
  };
  hold(readings_.states, carry_.state);
  hold(readings_.products, carry_.product);
  start(readings_.counts, carry_.count);
  start(readings_.rejects, carry_.reject);
  drop_up_to(readings_, carry_.from);
}

/// Nothing proves life, so nothing can be accounted for: only the newest readings are of use.
void OeeAccount::forget_older_half() {
  if (std::cmp_less_equal(readings_.size(), most_windows * options_.late_readings)) return;
  const auto halve = [](auto& list) {
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2));
  };
  halve(readings_.states);
  halve(readings_.products);
  halve(readings_.counts);
  halve(readings_.rejects);
}

void OeeAccount::insert(const Sample& sample, Timestamp now) {
  const bool state = sample.point == rules_.state;
  const bool product = rules_.product && sample.point == *rules_.product;
  const bool count = sample.point == rules_.count;
  const bool reject = sample.point == rules_.reject;
  if (!state && !product && !count && !reject) return;
  if (sample.source_time > now + most_ahead) {
    ++stats_.future;
    return;
  }
  if (state) insert_code(readings_.states, carry_.state, sample);
  if (product) insert_code(readings_.products, carry_.product, sample);
  if (count) insert_pieces(readings_.counts, carry_.count, sample);
  if (reject) insert_pieces(readings_.rejects, carry_.reject, sample);
}

template <class Reading>
void OeeAccount::insert(std::vector<Reading>& list, const Reading& reading) {
  if (list.empty() || list.back().at < reading.at) {
    list.push_back(reading);
    return;
  }
  const auto place = std::ranges::lower_bound(list, reading.at, {}, &Reading::at);
  if (place->at == reading.at) {
    ++stats_.repeated;
    return;
  }
  list.insert(place, reading);
}

void OeeAccount::insert_code(std::vector<CodeReading>& list, CodeReading& held,
                             const Sample& sample) {
  const bool usable = is_number(sample);
  const CodeReading reading{sample.source_time, usable ? std::llround(sample.value) : 0, usable};
  if (reading.at > carry_.from) return insert(list, reading);
  if (held.at < reading.at || !held.usable) {
    held = reading;  // Shown at carry_.from: what was known there was older.
  } else if (held.at == reading.at) {
    ++stats_.repeated;
  } else {
    ++stats_.too_late;
  }
}

void OeeAccount::insert_pieces(std::vector<PieceReading>& list, PieceCounterState& counter,
                               const Sample& sample) {
  if (!is_number(sample) || sample.value < 0) return;
  const PieceReading reading{sample.source_time, std::llround(sample.value)};
  if (reading.at > carry_.from) return insert(list, reading);
  if (!counter.last) {
    counter.last = reading;
    counter.mark = carry_.from;
  } else if (counter.last->at == reading.at) {
    ++stats_.repeated;
  } else {
    ++stats_.too_late;  // The next reading counts its pieces.
  }
}

void OeeAccount::leave_out_long_silence(Timestamp tail) {
  if (tail - carry_.from <= longest_silence) return;
  const Timestamp from = quarter_of(tail - longest_silence);
  carry_.from = from;
  carry_.run.reset();
  const auto newest = [from](std::vector<CodeReading>& list, CodeReading& held) {
    const auto next = first_after(list, from);
    if (next != list.begin()) held = *std::prev(next);
  };
  newest(readings_.states, carry_.state);
  newest(readings_.products, carry_.product);
  drop_up_to(readings_, from);
}

std::size_t OeeAccount::readings_after(Timestamp at) const {
  return count_after(readings_.states, at) + count_after(readings_.products, at) +
         count_after(readings_.counts, at) + count_after(readings_.rejects, at);
}

/// Where the next pass may begin: behind it the horizon, or as many late readings as are kept.
std::vector<Timestamp> OeeAccount::edges(Timestamp tail) const {
  std::vector<Timestamp> found;
  const Timestamp latest = quarter_of(tail - shortest_horizon);
  for (Timestamp edge = carry_.from + oee_quarter_length; edge <= latest;
       edge += oee_quarter_length) {
    const bool old = edge <= tail - options_.late_horizon;
    // The time just before the edge is given up when too many readings lie behind it.
    const bool many = readings_after(edge - oee_quarter_length) > options_.late_readings;
    if (!old && !many) break;
    found.push_back(edge);
  }
  return found;
}

void OeeAccount::give(const LineSweep& sweep, OeeEntries& entries) {
  QuarterSums sums = sweep.quarters();
  for (auto at = given_.lower_bound(carry_.from); at != given_.end(); ++at)
    sums.try_emplace(at->first);  // What is no more, as zeros.
  for (const auto& [start, sum] : sums) {
    if (start < carry_.from) continue;
    OeeSums& known = given_[start];
    if (known == sum) continue;
    known = sum;
    entries.quarters.push_back({start, sum});
  }
  give_stops(sweep.stops(), entries);
}

/// From the first stop on that differs from what was given.
void OeeAccount::give_stops(const std::vector<OeeStop>& stops, OeeEntries& entries) {
  std::erase_if(given_stops_, [this](const OeeStop& stop) {
    return stop.start < carry_.from && stop.end && *stop.end <= carry_.from;
  });
  const auto [old, now] = std::ranges::mismatch(given_stops_, stops);
  if (old == given_stops_.end() && now == stops.end()) return;
  Timestamp from = Timestamp::max();
  if (old != given_stops_.end()) from = std::min(from, old->start);
  if (now != stops.end()) from = std::min(from, now->start);
  entries.stops_from = from;
  entries.stops.assign(now, stops.end());
  given_stops_ = stops;
}

void OeeAccount::go_on_from(Carry carry) {
  carry_ = std::move(carry);
  drop_up_to(readings_, carry_.from);
}

std::optional<ShiftFigures> OeeAccount::current_shift() const {
  if (carry_.from == Timestamp{}) return std::nullopt;
  const Timestamp end = tail();
  const auto shifts = plan_.shifts(end - Milliseconds{1}, end);
  if (shifts.empty()) return std::nullopt;
  ShiftFigures figures{.time = shifts.back().time, .sums = {}};
  const auto last = given_.lower_bound(figures.time.to);
  for (auto at = given_.lower_bound(figures.time.from); at != last; ++at)
    figures.sums += at->second;
  return figures;
}

}  // namespace wl::collector::oee
