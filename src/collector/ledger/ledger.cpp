#include "collector/ledger/ledger.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace wl::collector::ledger {
namespace {

constexpr double any_power_kw = 1e6;
constexpr Milliseconds most_ahead = std::chrono::hours{1};
constexpr std::size_t fewest_late_readings = 30;

BucketEntry entry_of(const MeterSpec& spec, Timestamp start, const BucketSum& sum) {
  const Method seen = spec.source == Source::counter ? Method::counter : Method::integrated;
  const Method method = sum.estimated ? Method::estimated : seen;
  return {spec.device, start, sum.milli_wh, method, sum.covered_ms, sum.uncertain};
}

bool same(const LedgerEvent& a, const LedgerEvent& b) {
  return a.kind == b.kind && a.at == b.at && a.before == b.before && a.after == b.after;
}

const LedgerEvent* find(const std::vector<LedgerEvent>& events, const LedgerEvent& wanted) {
  const auto found =
      std::ranges::find_if(events, [&](const LedgerEvent& event) { return same(event, wanted); });
  return found == events.end() ? nullptr : &*found;
}

void push_event(LedgerEvent event, MeterBook& book, LedgerEntries& entries) {
  event.revision = ++book.revision;
  entries.events.push_back(event);
}

/// New events of `now_true` go out; events told before that are not among them are withdrawn.
/// Gives each of `now_true` the revision that it was told with.
void tell(std::vector<LedgerEvent>& now_true, MeterBook& book, LedgerEntries& entries) {
  for (const LedgerEvent& event : book.told) {
    if (find(now_true, event)) continue;
    LedgerEvent withdrawn = event;
    withdrawn.kind = EventKind::withdrawn;
    withdrawn.voided = event.kind;
    entries.events.push_back(withdrawn);
  }
  for (LedgerEvent& event : now_true) {
    if (const LedgerEvent* known = find(book.told, event)) {
      event.revision = known->revision;
    } else {
      push_event(event, book, entries);
      event.revision = book.revision;
    }
  }
}

/// Buckets that changed go out; energy changed by a late sample in a bucket before `late_to` is
/// told as a correction.
void give(const MeterSpec& spec, BucketSums sums, MeterBook& book, Timestamp late_to,
          LedgerEntries& entries) {
  for (const auto& [start, sum] : book.given)
    if (!sums.contains(start)) sums[start].estimated = true;  // Its readings turned out bad.
  for (const auto& [start, sum] : sums) {
    const auto given = book.given.find(start);
    if (given != book.given.end() && given->second == sum) continue;
    entries.buckets.push_back(entry_of(spec, start, sum));
    const bool closed = given != book.given.end() && start + bucket_length <= late_to;
    if (closed && given->second.milli_wh != sum.milli_wh)
      push_event({spec.device, EventKind::corrected, start, given->second.milli_wh, sum.milli_wh},
                 book, entries);
  }
  book.given = std::move(sums);
}

std::optional<MeterBook> take_book(LedgerState& state, const MeterSpec& spec) {
  for (MeterBook& book : state.meters) {
    if (book.key != spec.key || book.source != spec.source) continue;
    for (LedgerEvent& event : book.told) event.device = spec.device;
    return std::move(book);
  }
  return std::nullopt;
}

}  // namespace

Ledger::Ledger(std::vector<MeterSpec> specs, LedgerOptions options, LedgerState state)
    : specs_(std::move(specs)), options_(options), alive_(3 * options.sampling_interval) {
  alive_.restore(std::move(state.alive));
  const std::size_t share = options_.all_late_readings / std::max<std::size_t>(1, specs_.size());
  options_.late_readings = std::min(options_.late_readings, std::max(fewest_late_readings, share));
  late_to_.resize(specs_.size());
  applied_.resize(specs_.size());
  for (const MeterSpec& spec : specs_) {
    if (of_point_.size() <= spec.point.value) of_point_.resize(spec.point.value + 1);
    if (!of_point_[spec.point.value]) of_point_[spec.point.value] = books_.size();
    MeterBook fresh;
    fresh.key = spec.key;
    fresh.source = spec.source;
    books_.push_back(take_book(state, spec).value_or(std::move(fresh)));
  }
}

LedgerEntries Ledger::on_batch(std::span<const Sample> samples,
                               std::span<const LinkInterval> intervals, Timestamp now) {
  LedgerEntries entries;
  std::fill(late_to_.begin(), late_to_.end(), Timestamp{});
  Timestamp changed = Timestamp::max();
  for (const LinkInterval& interval : intervals)
    if (interval.alive) changed = std::min(changed, alive_.add({interval.from, interval.to}));
  for (Applied& applied : applied_)
    if (applied.state.mark && changed < *applied.state.mark) applied.valid = false;
  for (const Sample& sample : samples) insert(sample, now, entries);

  const Timestamp tail = alive_.all().empty() ? Timestamp{} : alive_.all().back().to;
  Timestamp needed = now;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    apply(i, tail, entries);
    if (books_[i].settled.mark) needed = std::min(needed, *books_[i].settled.mark);
    if (!books_[i].window.empty()) needed = std::min(needed, books_[i].window.front().at);
  }
  alive_.forget_before(needed - options_.late_horizon);
  return entries;
}

void Ledger::insert(const Sample& sample, Timestamp now, LedgerEntries& entries) {
  if (sample.point.value >= of_point_.size() || !of_point_[sample.point.value]) return;
  const std::size_t index = *of_point_[sample.point.value];
  const MeterSpec& spec = specs_[index];
  MeterBook& book = books_[index];
  const Timestamp at = sample.source_time;
  const Reading reading = to_reading(spec, sample.value, sample.quality.is_good(), at);
  if (at > now + most_ahead) return refuse_future(index, reading, entries);
  if (book.settled.mark && at <= *book.settled.mark) {
    ++stats_.too_late;
    return;
  }
  book.ahead = false;
  if (book.window.empty() || book.window.back().at < at) {
    book.window.push_back(reading);
    return;
  }
  const auto place =
      std::lower_bound(book.window.begin(), book.window.end(), at,
                       [](const Reading& known, Timestamp time) { return known.at < time; });
  if (place->at == at) {
    ++stats_.repeated;
    return;
  }
  Applied& applied = applied_[index];
  if (std::cmp_less(place - book.window.begin(), applied.readings)) applied.valid = false;
  late_to_[index] = std::max(late_to_[index], book.window.back().at);
  book.window.insert(place, reading);
}

/// Told once, not with every sample of a device whose clock is wrong.
void Ledger::refuse_future(std::size_t index, const Reading& reading, LedgerEntries& entries) {
  MeterBook& book = books_[index];
  ++stats_.future;
  if (std::exchange(book.ahead, true)) return;
  const std::int64_t before = book.settled.last ? book.settled.last->value : 0;
  push_event({specs_[index].device, EventKind::future, reading.at, before, reading.value}, book,
             entries);
}

/// Takes the readings out of the window that no late one may precede any more. Returns how many
/// events they gave.
std::size_t Ledger::settle(std::size_t index, Timestamp tail) {
  MeterBook& book = books_[index];
  Applied& applied = applied_[index];
  Meter meter(specs_[index], alive_, std::move(book.settled));
  const Timestamp until = bucket_of(tail - options_.late_horizon);
  std::size_t final = 0;
  while (final < book.window.size() &&
         (book.window.size() - final > options_.late_readings || book.window[final].at <= until))
    meter.read(book.window[final++]);
  book.window.erase(book.window.begin(), book.window.begin() + static_cast<std::ptrdiff_t>(final));
  const bool no_reading_at = book.window.empty() || book.window.front().at > until;
  if (no_reading_at && meter.settle(until)) applied.valid = false;
  if (final > applied.readings) applied.valid = false;
  const std::size_t told = meter.events().size();
  if (applied.valid) {
    applied.readings -= final;
  } else {
    applied = {true, 0, meter.state(), meter.take_events()};
  }
  book.settled = meter.take_state();
  return told;
}

void Ledger::apply(std::size_t index, Timestamp tail, LedgerEntries& entries) {
  const MeterSpec& spec = specs_[index];
  MeterBook& book = books_[index];
  if (book.window.empty() && !book.settled.mark) return;
  Applied& applied = applied_[index];
  const auto settled_events = static_cast<std::ptrdiff_t>(settle(index, tail));

  Meter open(spec, alive_, std::move(applied.state), std::move(applied.events));
  while (applied.readings < book.window.size() && book.window[applied.readings].at <= tail)
    open.read(book.window[applied.readings++]);
  applied.state = open.state();
  applied.events = open.events();
  for (std::size_t i = applied.readings; i < book.window.size(); ++i) open.read(book.window[i]);
  open.finish(tail);

  std::vector<LedgerEvent> now_true = open.take_events();
  tell(now_true, book, entries);
  give(spec, open.take_state().buckets, book, late_to_[index], entries);
  book.told.assign(now_true.begin() + settled_events, now_true.end());
  applied.events.erase(applied.events.begin(), applied.events.begin() + settled_events);
  const Timestamp open_from = first_open_bucket(spec, book.settled);
  for (BucketSums* sums : {&book.settled.buckets, &applied.state.buckets, &book.given})
    sums->erase(sums->begin(), sums->lower_bound(open_from));
}

std::vector<MeterSpec> meters_of(const Plant& plant) {
  std::vector<MeterSpec> meters;
  for (std::uint32_t i = 0; i < plant.devices.size(); ++i) {
    const DeviceSpec& device = plant.devices[i];
    const auto counter = plant.find_point(device.id + ".energy_kwh");
    const auto power = plant.find_point(device.id + ".power_kw");
    const bool counts = counter && plant.point(*counter).kind == PointKind::counter;
    if (!counts && !power) continue;
    MeterSpec spec;
    spec.device = DeviceId{i};
    spec.key = device.id;
    spec.point = counts ? *counter : *power;
    spec.source = counts ? Source::counter : Source::power;
    const PointSpec& point = plant.point(spec.point);
    spec.resolution_kwh = point.resolution_kwh.value_or(spec.resolution_kwh);
    spec.modulus_kwh = point.modulus_kwh;
    const double high = power ? plant.point(*power).high : 0;
    spec.max_power_kw = device.rated_power_kw > 0 ? device.rated_power_kw : high;
    const bool bounded = spec.max_power_kw > 0 && spec.max_power_kw <= any_power_kw;
    if (!bounded) spec.max_power_kw = any_power_kw;
    meters.push_back(std::move(spec));
  }
  return meters;
}

}  // namespace wl::collector::ledger
