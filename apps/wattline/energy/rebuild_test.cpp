// The ledger from stored readings: whatever was missing or wrong, the sum is the counter's again.
#include "apps/wattline/energy/rebuild.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "collector/ledger/ledger.hpp"
#include "collector/ledger/saved_state.hpp"
#include "storage/check/check.hpp"
#include "storage/historian/hot_part.hpp"
#include "storage/sqlite/scratch_database.hpp"

namespace wl::energy {
namespace {

using storage::at;
using storage::hour_of;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

/// Minutes since at(0), which lies 13 min 20 s behind an hour.
struct Minutes {
  int from = 0;
  int to = 0;
};

class RebuildTest : public storage::ScratchDatabase {
 protected:
  RebuildTest() {
    PointSpec counter = storage::point_spec("conveyor", "energy_kwh", 0);
    counter.kind = PointKind::counter;
    plant_.points.push_back(counter);  // 3
    for (DeviceSpec& device : plant_.devices) device.rated_power_kw = 12;
    EXPECT_TRUE(storage::migrate(options_));
    store_ = storage::open_collector_store(options_, plant_).value();
    begin_ledger();
  }
  void begin_ledger() {
    auto saved = collector::ledger::restore(store_->ledger_state().value())
                     .value_or(collector::ledger::LedgerState{});
    ledger_.emplace(collector::ledger::meters_of(plant_), collector::ledger::LedgerOptions{},
                    std::move(saved));
  }

  /// 6 kW and a bit: uneven, so that buckets have uneven splits.
  static double counter(int minute) { return 1000 + 0.1 * minute + 0.01 * (minute % 7); }

  storage::Batch readings(Minutes minutes) {
    storage::Batch batch;
    batch.source = "test";
    batch.seq = ++seq_;
    for (int m = minutes.from; m < minutes.to; ++m) {
      batch.samples.push_back(storage::sample(3, m * minute_ms, counter(m)));
      batch.samples.push_back(storage::sample(2, m * minute_ms, 5 + m % 3));
    }
    batch.intervals = {{at(minutes.from * minute_ms), at(minutes.to * minute_ms), true, ""}};
    return batch;
  }
  /// The counter from minute 50 on reads otherwise.
  static storage::Batch shifted(storage::Batch batch, double by) {
    for (Sample& sample : batch.samples) {
      if (sample.point == PointId{3} && sample.source_time >= at(50 * minute_ms))
        sample.value += by;
    }
    return batch;
  }
  /// As an import does.
  void import(Minutes minutes) { ASSERT_TRUE(store_->write_batch(readings(minutes))); }
  /// As the collector does.
  void collect_batch(storage::Batch batch) {
    batch.ledger = ledger_->on_batch(batch.samples, batch.intervals, now_);
    batch.ledger_state = collector::ledger::save(*ledger_);
    ASSERT_TRUE(store_->write_batch(batch));
  }
  void collect(Minutes minutes) { collect_batch(readings(minutes)); }
  /// In batches as short as what is final needs: a quarter hour.
  void collect_live(Minutes minutes) {
    for (int from = minutes.from; from < minutes.to; from += 5)
      collect(Minutes{from, std::min(from + 5, minutes.to)});
  }

  RebuildReport rebuild(std::optional<Timestamp> from = {}) {
    const auto report = rebuild_energy(*store_, options_, plant_, {.from = from, .now = now_}, {});
    EXPECT_TRUE(report) << report.error().what;
    begin_ledger();
    return report.value_or(RebuildReport{});
  }

  std::vector<storage::EnergySum> stored(std::uint32_t device) {
    return store_
        ->energy({.devices = {DeviceId{device}},
                  .from = at(-day_ms),
                  .to = at(5 * day_ms),
                  .interval = storage::Interval::quarter})
        .value()
        .front()
        .buckets;
  }
  std::int64_t sum() {
    std::int64_t all = 0;
    for (const storage::EnergySum& bucket : stored(0)) all += bucket.milli_wh;
    return all;
  }
  static std::int64_t rise(Minutes minutes) {
    return std::llround(counter(minutes.to - 1) * 1e6) - std::llround(counter(minutes.from) * 1e6);
  }
  std::vector<std::string> faults() {
    return storage::check_database(options_, plant_, storage::CheckDepth::full, {}).value().faults;
  }
  std::vector<MeterEventKind> kinds() {
    std::vector<MeterEventKind> kinds;
    const auto events = store_->meter_events(at(-day_ms), at(9 * day_ms), 1000).value();
    for (const MeterEvent& event : events) kinds.push_back(event.kind);
    return kinds;
  }
  /// By retention, which counts from the newest sample. Opened again: else it waits for batches.
  void remove_raw_before(Timestamp time) {
    store_.reset();
    store_ = storage::open_collector_store(options_, plant_).value();
    const storage::RetentionRules rules{.raw = store_->extent().value()->second - time};
    for (int i = 0; i < 2000; ++i) store_->upkeep(now_, rules).value();
    ASSERT_THAT(store_->read_raw({.points = {PointId{3}}, .from = at(0), .to = time})
                    .value()
                    .series[0]
                    .samples,
                IsEmpty());
  }

  Plant plant_ = storage::small_plant();
  std::unique_ptr<storage::CollectorStore> store_;
  std::optional<collector::ledger::Ledger> ledger_;
  std::uint64_t seq_ = 0;
  Timestamp now_ = at(30 * day_ms);
};

/// Text of each entry, for comparing whole ledgers.
std::vector<std::string> text_of(const std::vector<storage::EnergySum>& sums) {
  std::vector<std::string> lines;
  for (const storage::EnergySum& sum : sums) {
    lines.push_back(to_iso8601(sum.from) + " " + std::to_string(sum.milli_wh) + " " +
                    std::to_string(static_cast<int>(sum.method)) + " " +
                    std::to_string(sum.coverage) + (sum.uncertain ? " ?" : ""));
  }
  return lines;
}

TEST_F(RebuildTest, history_without_a_ledger_gets_one_that_adds_up_to_the_counter) {
  import({0, 600});

  const RebuildReport report = rebuild();

  EXPECT_EQ(sum(), rise({0, 600}));
  EXPECT_EQ(report.devices[0].after_milli_wh, sum());
  EXPECT_EQ(report.devices[0].before_milli_wh, 0);
  EXPECT_GT(report.added, 78u);
  EXPECT_THAT(kinds(), IsEmpty());
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(RebuildTest, it_gives_what_the_collector_would_have_stored) {
  collect_live({0, 950});
  const auto counter_before = text_of(stored(0));
  const auto power_before = text_of(stored(1));

  const RebuildReport report = rebuild();

  EXPECT_THAT(text_of(stored(0)), ElementsAreArray(counter_before));
  EXPECT_THAT(text_of(stored(1)), ElementsAreArray(power_before));
  EXPECT_EQ(report.added + report.corrected, 0u);
  EXPECT_GT(report.unchanged, 120u);
}

TEST_F(RebuildTest, a_dry_run_tells_and_writes_nothing) {
  import({0, 600});

  const RebuildReport report =
      rebuild_energy(*store_, options_, plant_, {.from = {}, .now = now_, .dry_run = true}, {})
          .value();

  EXPECT_GT(report.added, 78u);
  EXPECT_EQ(report.devices[0].after_milli_wh, rise({0, 600}));
  EXPECT_EQ(sum(), 0);
  EXPECT_EQ(store_->ledger_state().value(), "");
}

TEST_F(RebuildTest, an_import_before_the_ledger_joins_its_first_reading) {
  collect({600, 900});
  import({0, 500});

  rebuild(at(0));

  EXPECT_EQ(sum(), rise({0, 900}));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(RebuildTest, an_import_into_a_gap_takes_the_place_of_the_estimate) {
  collect({0, 300});
  collect({600, 900});
  const std::int64_t before = sum();
  import({300, 600});

  rebuild(at(300 * minute_ms));

  EXPECT_EQ(before, rise({0, 900}));
  EXPECT_EQ(sum(), before);
  EXPECT_DOUBLE_EQ(stored(0)[96 + 24].coverage, 1);
  EXPECT_EQ(stored(0)[96 + 24].method, EnergyMethod::counter);
  EXPECT_THAT(kinds(), testing::Contains(MeterEventKind::corrected));
}

TEST_F(RebuildTest, an_import_behind_a_silence_also_gets_what_was_used_in_it) {
  collect({0, 300});
  import({2000, 2300});

  const RebuildReport report = rebuild(at(2000 * minute_ms));

  EXPECT_LE(report.from, at(299 * minute_ms));
  EXPECT_EQ(sum(), rise({0, 2300}));
  EXPECT_EQ(stored(0)[96 + 60].method, EnergyMethod::estimated);
}

TEST_F(RebuildTest, the_collector_goes_on_where_a_rebuild_ends) {
  collect({0, 300});
  import({300, 450});
  rebuild(at(300 * minute_ms));

  collect({450, 700});

  EXPECT_EQ(sum(), rise({0, 700}));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(RebuildTest, a_reset_that_was_told_is_not_told_again) {
  collect_batch(shifted(readings({0, 100}), -1004.9));
  const auto before = kinds();
  ASSERT_THAT(before, testing::Contains(MeterEventKind::reset));
  const std::int64_t energy = sum();

  const RebuildReport report = rebuild();

  EXPECT_EQ(kinds(), before);
  EXPECT_EQ(sum(), energy);
  EXPECT_EQ(report.events_told + report.events_withdrawn, 0u);
}

TEST_F(RebuildTest, an_event_that_an_import_explains_is_withdrawn) {
  collect_batch(shifted(readings({0, 100}), 100));
  ASSERT_THAT(kinds(), ElementsAre(MeterEventKind::held, MeterEventKind::jump));
  import({50, 100});  // The right readings, later and of the same times.

  const RebuildReport report = rebuild();

  EXPECT_EQ(report.events_withdrawn, 2u);
  EXPECT_THAT(kinds(), testing::Contains(MeterEventKind::withdrawn));
  EXPECT_EQ(sum(), rise({0, 100}));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(RebuildTest, entries_stay_where_raw_values_are_gone) {
  collect_live({0, 4500});
  const auto counter_before = text_of(stored(0));
  const auto power_before = text_of(stored(1));
  remove_raw_before(hour_of(at(day_ms)));

  const RebuildReport report = rebuild();

  EXPECT_GT(report.kept, 2 * 90u);
  EXPECT_THAT(text_of(stored(0)), ElementsAreArray(counter_before));
  EXPECT_THAT(text_of(stored(1)), ElementsAreArray(power_before));
}

TEST_F(RebuildTest, an_import_before_a_ledger_without_raw_values_joins_it_too) {
  collect({1000, 6000});
  remove_raw_before(hour_of(at(3 * day_ms)));
  import({0, 900});

  rebuild(at(0));

  EXPECT_EQ(sum(), rise({0, 6000}));
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(RebuildTest, a_stop_is_told_and_doing_it_again_completes_it) {
  import({0, 600});

  const auto stopped = rebuild_energy(*store_, options_, plant_, {.from = {}, .now = now_},
                                      [](Timestamp) { return false; });
  rebuild();

  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::unavailable);
  EXPECT_EQ(sum(), rise({0, 600}));
}

TEST_F(RebuildTest, an_empty_database_has_nothing_to_compute) {
  const RebuildReport report = rebuild();

  EXPECT_EQ(report.from, report.to);
  EXPECT_EQ(report.added, 0u);
}

}  // namespace
}  // namespace wl::energy
