#include "apps/wattline/energy/rebuild.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "apps/wattline/energy/event_book.hpp"
#include "collector/ledger/ledger.hpp"
#include "collector/ledger/saved_state.hpp"
#include "storage/transfer/meter_history.hpp"

namespace wl::energy {
namespace {

namespace ledger = collector::ledger;
using Key = std::pair<DeviceId, Timestamp>;

/// The ledger knows what came before its first entry when it has read so much of it.
constexpr Milliseconds run_up = std::chrono::hours{24};
/// Entries older than this, seen from the reading that was last applied, do not change any more.
constexpr Milliseconds settled_after = std::chrono::hours{48};
/// Entries are compared and written a slice at a time.
constexpr Milliseconds slice_length = std::chrono::days{8};
constexpr Milliseconds far_away{std::int64_t{1} << 51};
constexpr std::size_t entries_a_batch = 20'000;

std::vector<storage::MeterPoint> points_of(const std::vector<ledger::MeterSpec>& specs) {
  std::vector<storage::MeterPoint> points;
  for (const ledger::MeterSpec& spec : specs)
    points.push_back({spec.point, spec.source == ledger::Source::counter});
  return points;
}

bool has_entry(const storage::EnergySum& sum) {
  return sum.milli_wh != 0 || sum.coverage != 0 || sum.uncertain ||
         sum.method != EnergyMethod::counter;
}

std::int32_t covered_ms(const storage::EnergySum& sum) {
  return static_cast<std::int32_t>(
      std::llround(sum.coverage * static_cast<double>(energy_bucket_length.count())));
}

bool same(const storage::EnergySum& stored, const EnergyBucket& wanted) {
  // The rest below a milli-Wh that a power carries on depends on where one begins.
  const std::int64_t rest = wanted.method == EnergyMethod::counter ? 0 : 1;
  return std::abs(stored.milli_wh - wanted.milli_wh) <= rest && stored.method == wanted.method &&
         covered_ms(stored) == wanted.covered_ms && stored.uncertain == wanted.uncertain;
}

/// Entries of a meter that stay, up to the next one that does not.
struct Stretch {
  /// What they have more than the readings give: where a reading lies behind an edge, its energy
  /// may be split otherwise. The next entry evens it out, so that the sum is the counter's.
  std::int64_t moved = 0;
  bool comparable = true;  ///< No event: both counted every rise.
};

class Rebuild {
 public:
  Rebuild(storage::CollectorStore& store, const Plant& plant, const RebuildRequest& request,
          storage::MeterHistory history)
      : store_(store),
        request_(request),
        specs_(ledger::meters_of(plant)),
        history_(std::move(history)) {
    for (const ledger::MeterSpec& spec : specs_) {
      devices_.push_back(spec.device);
      report_.devices.push_back({.device = spec.device});
      kept_.emplace_back();
      hole_before_.push_back(false);
    }
    batch_.source = "energy-rebuild-" + std::to_string(to_unix_ms(request.now));
  }

  Result<RebuildReport> run(const RebuildProgress& progress) {
    const auto extent = history_.extent();
    if (!extent) return std::unexpected(extent.error());
    if (!*extent || specs_.empty()) return report_;
    if (auto r = prepare(**extent); !r) return std::unexpected(r.error());
    ledger::Ledger books(specs_, {.sampling_interval = request_.sampling_interval},
                         events_.first_state(specs_));
    for (;;) {
      auto page = history_.next();
      if (!page) return std::unexpected(page.error());
      if (!*page) break;
      feed(books, **page);
      if (progress && !progress((*page)->to))
        return fail(Errc::unavailable, "interrupted; doing it again completes it");
      const Timestamp settled = ledger::bucket_of((*page)->to - settled_after);
      if (settled - written_to_ < slice_length) continue;
      if (auto r = write_until(settled); !r) return std::unexpected(r.error());
    }
    if (!buckets_.empty()) report_.to = buckets_end();
    if (auto r = write_until(report_.to); !r) return std::unexpected(r.error());
    return finish(books.state());
  }

 private:
  Result<void> prepare(const std::pair<Timestamp, Timestamp>& extent) {
    const auto known = history_.known_before(request_.from.value_or(extent.first));
    if (!known) return std::unexpected(known.error());
    // A full hour: older batches were an hour long, and energy is split at the edge of a batch.
    report_.from = written_to_ =
        std::chrono::floor<std::chrono::hours>(std::max(extent.first, *known));
    report_.to = report_.from;
    const auto removed = history_.raw_since();
    if (!removed) return std::unexpected(removed.error());
    raw_since_ = *removed;
    const auto saved = store_.ledger_state();
    if (!saved) return std::unexpected(saved.error());
    const auto told = store_.meter_events(Timestamp{-far_away}, Timestamp{far_away}, most_events);
    if (!told) return std::unexpected(told.error());
    if (told->size() == most_events)
      return fail(Errc::invalid_argument, "the database has too many meter events");
    events_ = EventBook(*told, ledger::restore(*saved).value_or(ledger::LedgerState{}));
    return history_.start_at(report_.from - run_up);
  }

  /// A quarter hour at a time, as it came: what is final then depends on how far time went on.
  void feed(ledger::Ledger& books, const storage::MeterPage& page) {
    auto samples = std::span(page.samples);
    std::vector<LinkInterval> intervals;
    for (const LinkInterval& interval : page.intervals) {
      for (Timestamp at = interval.from; at < interval.to;) {
        const Timestamp to = std::min(ledger::bucket_of(at) + energy_bucket_length, interval.to);
        intervals.push_back({at, to, interval.alive, interval.cause});
        at = to;
      }
    }
    auto rest = std::span<const LinkInterval>(intervals);
    while (!samples.empty() || !rest.empty()) {
      Timestamp first = samples.empty() ? rest.front().from : samples.front().source_time;
      if (!rest.empty()) first = std::min(first, rest.front().from);
      const Timestamp to = ledger::bucket_of(first) + energy_bucket_length;
      const auto later = std::ranges::lower_bound(samples, to, {}, &Sample::source_time);
      const auto now = samples.first(static_cast<std::size_t>(later - samples.begin()));
      const auto lived = std::ranges::lower_bound(rest, to, {}, &LinkInterval::from);
      const auto part = rest.first(static_cast<std::size_t>(lived - rest.begin()));
      take(books.on_batch(now, part, request_.now));
      samples = samples.subspan(now.size());
      rest = rest.subspan(part.size());
    }
  }

  void take(LedgerEntries entries) {
    for (const EnergyBucket& bucket : entries.buckets) {
      if (bucket.start >= report_.from) buckets_[bucket.start][bucket.device] = bucket;
    }
    events_.take(entries.events, report_.from);
  }

  Timestamp buckets_end() const { return buckets_.rbegin()->first + energy_bucket_length; }

  /// Everything in [written_to_, until).
  Result<void> write_until(Timestamp until) {
    while (written_to_ < until) {
      const Timestamp to = std::min(until, written_to_ + slice_length);
      if (auto r = write_slice(written_to_, to); !r) return r;
      buckets_.erase(buckets_.begin(), buckets_.lower_bound(to));
      written_to_ = to;
    }
    return flush();
  }

  Result<void> write_slice(Timestamp from, Timestamp to) {
    const auto stored = store_.energy({.devices = devices_,
                                       .from = from - energy_bucket_length,
                                       .to = to + energy_bucket_length,
                                       .interval = storage::Interval::quarter});
    if (!stored) return std::unexpected(stored.error());
    for (std::size_t i = 0; i < devices_.size(); ++i) {
      const auto& sums = (*stored)[i].buckets;  // One more at each end.
      for (std::size_t at = 1; at + 1 < sums.size(); ++at) {
        const auto wanted = computed(devices_[i], sums[at].from);
        const auto fills = [&](const storage::EnergySum& hole) {
          return !has_entry(hole) && computed(devices_[i], hole.from) != nullptr;
        };
        const bool behind_hole = at == 1 ? hole_before_[i] : fills(sums[at - 1]);
        const bool beside_hole = behind_hole || fills(sums[at + 1]);
        if (at + 2 == sums.size()) hole_before_[i] = fills(sums[at]);
        decide(i, sums[at], wanted, beside_hole);
        if (batch_.ledger.buckets.size() < entries_a_batch) continue;
        if (auto r = flush(); !r) return r;
      }
    }
    return {};
  }

  const EnergyBucket* computed(DeviceId device, Timestamp start) const {
    const auto buckets = buckets_.find(start);
    if (buckets == buckets_.end()) return nullptr;
    const auto found = buckets->second.find(device);
    return found == buckets->second.end() ? nullptr : &found->second;
  }

  void decide(std::size_t i, const storage::EnergySum& stored, const EnergyBucket* wanted,
              bool beside_hole) {
    const bool known = has_entry(stored);
    const bool counts = specs_[i].source == ledger::Source::counter;
    const bool raw_gone = raw_since_ && stored.from < *raw_since_;
    const bool stays = known && (wanted == nullptr || stored.method == EnergyMethod::manual ||
                                 (raw_gone && !(counts && beside_hole)));
    report_.devices[i].before_milli_wh += stored.milli_wh;
    if (stays) return keep(i, stored, wanted);
    if (wanted == nullptr) return;
    EnergyBucket entry = *wanted;
    const Stretch stretch = std::exchange(kept_[i], {});
    if (counts && stretch.comparable) entry.milli_wh -= std::min(entry.milli_wh, stretch.moved);
    report_.devices[i].after_milli_wh += entry.milli_wh;
    if (same(stored, entry)) {
      ++report_.unchanged;
      return;
    }
    ++(known ? report_.corrected : report_.added);
    batch_.ledger.buckets.push_back(entry);
    if (known && stored.milli_wh != entry.milli_wh)
      events_.correct(entry.device, entry.start, stored.milli_wh, entry.milli_wh);
  }

  void keep(std::size_t i, const storage::EnergySum& stored, const EnergyBucket* wanted) {
    ++report_.kept;
    report_.devices[i].after_milli_wh += stored.milli_wh;
    const bool eventful = events_.keep(specs_[i].device, stored.from);
    kept_[i].comparable &= wanted != nullptr && !eventful;
    if (wanted != nullptr) kept_[i].moved += stored.milli_wh - wanted->milli_wh;
  }

  Result<RebuildReport> finish(ledger::LedgerState state) {
    const EventBook::Changes changes = events_.changes(report_.from, state);
    report_.events_told = changes.told;
    report_.events_withdrawn = changes.withdrawn;
    batch_.ledger.events = changes.events;
    batch_.ledger_state = ledger::save(state);
    if (auto r = flush(); !r) return std::unexpected(r.error());
    return report_;
  }

  Result<void> flush() {
    const bool empty = batch_.ledger.buckets.empty() && batch_.ledger_state.empty();
    if (empty || request_.dry_run) {
      batch_.ledger = {};
      return {};
    }
    ++batch_.seq;
    auto written = store_.write_batch(batch_);
    batch_.ledger = {};
    return written;
  }

  static constexpr std::size_t most_events = 1'000'000;

  storage::CollectorStore& store_;
  const RebuildRequest& request_;
  std::vector<ledger::MeterSpec> specs_;
  std::vector<DeviceId> devices_;
  storage::MeterHistory history_;
  std::optional<Timestamp> raw_since_;
  Timestamp written_to_{};
  std::map<Timestamp, std::map<DeviceId, EnergyBucket>> buckets_;  ///< Not compared yet.
  std::vector<bool>
      hole_before_;            ///< Beside specs_: the last slice ended in a hole that it filled.
  std::vector<Stretch> kept_;  ///< Beside specs_.
  EventBook events_;
  storage::Batch batch_;
  RebuildReport report_;
};

}  // namespace

Result<RebuildReport> rebuild_energy(storage::CollectorStore& store,
                                     const storage::DatabaseOptions& options, const Plant& plant,
                                     const RebuildRequest& request,
                                     const RebuildProgress& progress) {
  auto history = storage::MeterHistory::open(options, plant, points_of(ledger::meters_of(plant)));
  if (!history) return std::unexpected(history.error());
  return Rebuild(store, plant, request, std::move(*history)).run(progress);
}

bool concerns_energy(const Plant& plant, const std::vector<PointId>& points) {
  return std::ranges::any_of(ledger::meters_of(plant), [&](const ledger::MeterSpec& spec) {
    return std::ranges::find(points, spec.point) != points.end();
  });
}

}  // namespace wl::energy
