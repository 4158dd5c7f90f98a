#include "collector/ledger/ledger.hpp"

#include <algorithm>
#include <utility>

namespace wl::collector::ledger {
namespace {

constexpr double any_power_kw = 1e6;
constexpr Milliseconds most_ahead = std::chrono::hours{1};

BucketEntry entry_of(const MeterSpec& spec, Timestamp start, const BucketSum& sum) {
  const Method seen = spec.source == Source::counter ? Method::counter : Method::integrated;
  const Method method = sum.estimated ? Method::estimated : seen;
  return {spec.device, start, sum.milli_wh, method, sum.covered_ms, sum.uncertain};
}

bool contains(const std::vector<LedgerEvent>& events, const LedgerEvent& event) {
  return std::find(events.begin(), events.end(), event) != events.end();
}

/// Takes the readings out of the window that no late one may precede any more.
void settle(MeterBook& book, Meter& meter, const LedgerOptions& options, Timestamp tail) {
  const Timestamp until = bucket_of(tail - options.late_horizon);
  std::size_t final = 0;
  while (final < book.window.size() &&
         (book.window.size() - final > options.late_readings || book.window[final].at <= until))
    meter.read(book.window[final++]);
  book.window.erase(book.window.begin(), book.window.begin() + static_cast<std::ptrdiff_t>(final));
  if (book.window.empty() || book.window.front().at > until) meter.settle(until);
}

/// New events of `now_true` go out; events told before that are not among them are withdrawn.
void tell(const std::vector<LedgerEvent>& now_true, MeterBook& book, LedgerEntries& entries) {
  for (const LedgerEvent& event : book.told) {
    if (contains(now_true, event)) continue;
    LedgerEvent withdrawn = event;
    withdrawn.kind = EventKind::withdrawn;
    entries.events.push_back(withdrawn);
  }
  for (const LedgerEvent& event : now_true)
    if (!contains(book.told, event)) entries.events.push_back(event);
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
      entries.events.push_back(
          {spec.device, EventKind::corrected, start, given->second.milli_wh, sum.milli_wh});
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
  late_to_.resize(specs_.size());
  for (const MeterSpec& spec : specs_) {
    of_point_.emplace(spec.point, books_.size());
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
  for (const LinkInterval& interval : intervals)
    if (interval.alive) alive_.add({interval.from, interval.to});
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
  const auto found = of_point_.find(sample.point);
  if (found == of_point_.end()) return;
  const MeterSpec& spec = specs_[found->second];
  MeterBook& book = books_[found->second];
  const Timestamp at = sample.source_time;
  const Reading reading = to_reading(spec, sample.value, sample.quality.is_good(), at);
  if (at > now + most_ahead) {
    ++stats_.future;
    const std::int64_t before = book.settled.last ? book.settled.last->value : 0;
    entries.events.push_back({spec.device, EventKind::future, at, before, reading.value});
    return;
  }
  if (book.settled.mark && at <= *book.settled.mark) {
    ++stats_.too_late;
    return;
  }
  const auto place =
      std::lower_bound(book.window.begin(), book.window.end(), at,
                       [](const Reading& known, Timestamp time) { return known.at < time; });
  if (place != book.window.end() && place->at == at) {
    ++stats_.repeated;
    return;
  }
  if (place != book.window.end())
    late_to_[found->second] = std::max(late_to_[found->second], book.window.back().at);
  book.window.insert(place, reading);
}

void Ledger::apply(std::size_t index, Timestamp tail, LedgerEntries& entries) {
  const MeterSpec& spec = specs_[index];
  MeterBook& book = books_[index];
  if (book.window.empty() && !book.settled.mark) return;

  Meter settled(spec, alive_, std::move(book.settled));
  settle(book, settled, options_, tail);
  Meter open(spec, alive_, settled.state());
  for (const Reading& reading : book.window) open.read(reading);
  open.finish(tail);

  std::vector<LedgerEvent> now_true = settled.events();
  now_true.insert(now_true.end(), open.events().begin(), open.events().end());
  tell(now_true, book, entries);
  give(spec, open.state().buckets, book, late_to_[index], entries);

  const Timestamp first_open = settled.forget_closed();
  book.given.erase(book.given.begin(), book.given.lower_bound(first_open));
  book.told = open.events();
  book.settled = settled.state();
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
    const double high = power ? plant.point(*power).high : 0;
    spec.max_power_kw = device.rated_power_kw > 0 ? device.rated_power_kw : high;
    const bool bounded = spec.max_power_kw > 0 && spec.max_power_kw <= any_power_kw;
    if (!bounded) spec.max_power_kw = any_power_kw;
    meters.push_back(std::move(spec));
  }
  return meters;
}

}  // namespace wl::collector::ledger
