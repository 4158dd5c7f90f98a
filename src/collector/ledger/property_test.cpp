// Random faults, seeded: whatever happens on the way, the ledger says what the meters turned.
#include <gtest/gtest.h>

#include <random>

#include "collector/ledger/saved_state.hpp"
#include "collector/ledger/test_ledger.hpp"

namespace wl::collector::ledger {
namespace {

constexpr std::int64_t modulus = 10'000'000'000;  // 10,000 kWh
constexpr std::uint64_t seeds = 150;
constexpr std::uint64_t few_seeds = 30;  // Where a run is slow.

struct Batch {
  std::vector<Sample> samples;
  std::vector<LinkInterval> intervals;
};

/// A meter and its link with faults; `truth` is what its disc turned between first and last sample.
struct Trace {
  std::vector<Batch> batches;
  std::int64_t truth = 0;
};

class FaultyPlant {
 public:
  explicit FaultyPlant(std::uint64_t seed) : random_(seed) {}

  Trace run() {
    counter_ = pick(0, 1) ? 9'999'950'000 : pick(1, 900) * 10'000'000;
    sample(0);
    for (int step = 0; step < 300; ++step) fault_or_not(step);
    for (int step = 0; step < 5; ++step) turn();
    cut();
    return std::move(trace_);
  }

 private:
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  Timestamp at() const { return noon + Milliseconds{ms_}; }

  /// Four calm samples after a fault, so that it can be confirmed before the next one.
  void fault_or_not(int step) {
    const std::int64_t fault = step % 5 == 0 ? pick(0, 9) : 9;
    if (fault == 0) return gap();
    if (fault == 1) return replace(0);
    if (fault == 2) return replace(pick(300, 600) * 1'000'000);
    if (fault == 3) return replace(counter_ + 500'000'000);
    if (fault == 4) return false_value(0);
    if (fault == 5) return dip();
    if (fault == 6) return bad_quality();
    turn();
  }
  void turn() {
    ms_ += 1000 * pick(1, 90);
    add(pick(0, 3'000));  // At most 10.8 kW.
  }
  void gap() {
    alive_to_ = at();
    prove();
    ms_ += 60'000 * pick(1, 300);
    alive_from_ = at();
    add(pick(0, 60'000));
  }
  /// Low down a fall cannot be told from noise, just below the modulus not from a rollover.
  void replace(std::int64_t initial) {
    if (counter_ < 1'200'000'000 || counter_ > 9'000'000'000) return turn();
    ms_ += 1000 * pick(1, 60);
    counter_ = initial;
    const bool reset = initial == 0;
    const std::int64_t since = reset ? pick(0, 2'000) : 0;
    add(since);
  }
  void false_value(std::int64_t value) {
    if (counter_ < 1'000'000'000 || counter_ > 9'000'000'000) return turn();
    ms_ += 5'000;
    push(value, quality::good);
  }
  void dip() {
    ms_ += 5'000;
    push(std::max<std::int64_t>(0, counter_ - pick(1, 100'000)), quality::good);
  }
  void bad_quality() {
    ms_ += 5'000;
    push(0, quality::bad_no_communication);
  }
  void add(std::int64_t milli_wh) {
    counter_ = (counter_ + milli_wh) % modulus;
    sample(milli_wh);
  }
  void sample(std::int64_t turned) {
    trace_.truth += turned;
    push(counter_, quality::good);
  }
  void push(std::int64_t value, Quality quality) {
    open_.samples.push_back({meter_point, static_cast<double>(value) / 1e6, quality, at()});
    alive_to_ = at();
    if (pick(0, 3) == 0) cut();
  }
  void prove() { open_.intervals.push_back({alive_from_, alive_to_, true, ""}); }
  void cut() {
    prove();
    alive_from_ = alive_to_;
    trace_.batches.push_back(std::exchange(open_, {}));
  }

  std::mt19937_64 random_;
  std::int64_t counter_ = 0;
  std::int64_t ms_ = 0;
  Timestamp alive_from_ = noon;
  Timestamp alive_to_ = noon;
  Batch open_;
  Trace trace_;
};

MeterSpec property_meter() {
  MeterSpec spec = counter_of_12_kw();
  spec.modulus_kwh = static_cast<double>(modulus) / 1e6;
  return spec;
}

OneMeter fed(const std::vector<Batch>& batches, LedgerOptions options) {
  OneMeter press(property_meter(), options);
  for (const Batch& batch : batches) press.feed(batch.samples, batch.intervals);
  return press;
}

/// Order and number of deliveries as a bad network would have them.
std::vector<Batch> muddled(std::vector<Batch> batches, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0, size = batches.size(); i < size; i += 3) batches.push_back(batches[i]);
  std::shuffle(batches.begin(), batches.end(), random);
  for (Batch& batch : batches) std::shuffle(batch.samples.begin(), batch.samples.end(), random);
  return batches;
}

/// Faults that the random traces must have reached, else the test proves little.
std::map<EventKind, int> reached;

std::string mistakes_of_seed(std::uint64_t seed) {
  const Trace trace = FaultyPlant(seed).run();
  const OneMeter press = fed(trace.batches, {.late_readings = 20});
  for (const auto& [id, event] : press.store.events) ++reached[event.kind];
  std::string mistakes;
  if (press.store.sum() != trace.truth)
    mistakes += "sum " + std::to_string(press.store.sum() - trace.truth) + " off; ";
  for (const auto& [start, bucket] : press.store.buckets)
    if (bucket.milli_wh < 0 || bucket.covered_ms < 0 || bucket.coverage() > 1)
      mistakes += "bucket out of range; ";
  return mistakes;
}

std::string all_mistakes(std::string (*of_seed)(std::uint64_t), std::uint64_t last = seeds) {
  std::string all;
  for (std::uint64_t seed = 1; seed <= last; ++seed) {
    const std::string mistakes = of_seed(seed);
    if (!mistakes.empty()) all += "seed " + std::to_string(seed) + ": " + mistakes + "\n";
  }
  return all;
}

std::string restart_differences(std::uint64_t seed) {
  const Trace trace = FaultyPlant(seed).run();
  const LedgerOptions options{.late_readings = 20};
  const OneMeter whole = fed(trace.batches, options);
  OneMeter restarted(property_meter(), options);
  std::mt19937_64 random(seed);
  for (const Batch& batch : trace.batches) {
    if (random() % 2 == 0)
      restarted.ledger =
          Ledger({restarted.spec}, options, restore(save(restarted.ledger.state())).value());
    restarted.feed(batch.samples, batch.intervals);
  }
  const bool same = restarted.store.buckets == whole.store.buckets &&
                    restarted.store.events == whole.store.events &&
                    restarted.ledger.state() == whole.ledger.state();
  return same ? "" : "differs";
}

std::string order_differences(std::uint64_t seed) {
  const Trace trace = FaultyPlant(seed).run();
  const LedgerOptions options{.late_horizon = std::chrono::days{30}};
  const OneMeter in_order = fed(trace.batches, options);
  const OneMeter out_of_order = fed(muddled(trace.batches, seed), options);
  return in_order.store.buckets == out_of_order.store.buckets ? "" : "differs";
}

std::string repetition_differences(std::uint64_t seed) {
  const Trace trace = FaultyPlant(seed).run();
  OneMeter press(property_meter(), {.late_readings = 20});
  for (const Batch& batch : trace.batches) {
    press.feed(batch.samples, batch.intervals);
    const LedgerEntries again = press.feed(batch.samples, batch.intervals);
    if (!again.buckets.empty() || !again.events.empty()) return "a repeated batch changed it";
  }
  return press.store.sum() == trace.truth ? "" : "sum";
}

TEST(LedgerProperty, buckets_sum_to_what_the_meters_turned_under_every_fault) {
  reached.clear();

  EXPECT_EQ(all_mistakes(mistakes_of_seed), "");

  EXPECT_GT(reached[EventKind::reset], 10);
  EXPECT_GT(reached[EventKind::swap], 10);
  EXPECT_GT(reached[EventKind::jump], 10);
  EXPECT_GT(reached[EventKind::glitch], 10);
  EXPECT_GT(reached[EventKind::rollover], 0);
}

TEST(LedgerProperty, a_run_with_restarts_anywhere_equals_a_run_without) {
  EXPECT_EQ(all_mistakes(restart_differences), "");
}

TEST(LedgerProperty, order_and_repetition_of_batches_do_not_matter_inside_the_window) {
  EXPECT_EQ(all_mistakes(order_differences, few_seeds), "");
}

TEST(LedgerProperty, a_batch_delivered_twice_changes_nothing) {
  EXPECT_EQ(all_mistakes(repetition_differences), "");
}

}  // namespace
}  // namespace wl::collector::ledger
