// The energy ledger as it was written, and the rows behind the SQL views.
#include "storage/historian/energy_day.hpp"
#include "storage/historian/testing/historian_suite.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t quarter_ms = 900'000;
constexpr std::int64_t day_ms = 86'400'000;
/// From at(0) to the next midnight UTC.
constexpr std::int64_t to_day = day_ms - 1'700'000'000'000 % day_ms;

EnergyBucket energy(std::int64_t quarter, std::int64_t milli_wh) {
  return {.device = DeviceId{0},
          .start = at(to_day + quarter * quarter_ms),
          .milli_wh = milli_wh,
          .covered_ms = 900'000};
}

LedgerEntries entries_of(std::vector<EnergyBucket> buckets) {
  LedgerEntries entries;
  entries.buckets = std::move(buckets);
  return entries;
}

EnergyDay full_day() {
  EnergyDay day;
  for (std::size_t i = 0; i < day.size(); i += 2) {
    day[i] = EnergyQuarter{.milli_wh = static_cast<std::int64_t>(i) * 1'000'003 - 5,
                           .method = static_cast<EnergyMethod>(i / 2 % 4),
                           .covered_ms = i % 4 == 0 ? 900'000 : 17,
                           .uncertain = i % 6 == 0};
  }
  return day;
}

std::size_t flips_unnoticed(const std::string& body) {
  std::size_t unnoticed = 0;
  for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
    std::string damaged = body;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto day = decode_energy_day(damaged);
    unnoticed += day || day.error().code != Errc::corrupt ? 1 : 0;
  }
  return unnoticed;
}

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() { store_ = historian_on(engine_.open(), plant_, "Europe/Berlin"); }

  void write(std::vector<Sample> samples, std::vector<LinkInterval> intervals,
             LedgerEntries ledger = {}) {
    Batch batch{"test", ++seq_, std::move(samples), std::move(intervals), std::move(ledger), {}};
    ASSERT_TRUE(store_->write_batch(batch));
  }

  std::vector<EnergySum> sums(Interval interval, std::int64_t from, std::int64_t to) {
    EnergyQuery query;
    query.devices = {DeviceId{0}};
    query.from = at(to_day + from);
    query.to = at(to_day + to);
    query.interval = interval;
    return store_->energy(query).value().at(0).buckets;
  }

  DeviceMinute minute(std::int64_t number) {
    const Timestamp start = floor_to(at(to_day + number * minute_ms), Milliseconds{minute_ms});
    return engine_.content().device_minutes.at({1, start});
  }

  MemoryEngine engine_;
  Plant plant_ = suite_plant();
  std::unique_ptr<Historian> store_;
  std::uint64_t seq_ = 0;
};

TEST(EnergyDay, gives_back_every_quarter_hour) {
  EXPECT_EQ(decode_energy_day(encode_energy_day(full_day())).value(), full_day());
  EXPECT_EQ(decode_energy_day(encode_energy_day({})).value(), EnergyDay{});
}

TEST(EnergyDay, every_flipped_bit_is_noticed) {
  EXPECT_EQ(flips_unnoticed(encode_energy_day(full_day())), 0u);
}

TEST_F(LedgerTest, sums_quarters_to_any_bucket_with_the_weakest_method) {
  EnergyBucket estimated = energy(2, 30);
  estimated.method = EnergyMethod::estimated;
  estimated.covered_ms = 0;
  write({}, {}, entries_of({energy(0, 10), energy(1, 20), estimated}));

  const auto hour = sums(Interval::hour, 0, 1).at(0);

  EXPECT_EQ(hour.milli_wh, 60);
  EXPECT_EQ(hour.method, EnergyMethod::estimated);
  EXPECT_EQ(hour.coverage, 0.5);
  EXPECT_FALSE(hour.uncertain);
}

TEST_F(LedgerTest, a_quarter_written_again_replaces_the_one_before) {
  write({}, {}, entries_of({energy(0, 10), energy(95, 5)}));
  write({}, {}, entries_of({energy(0, 11)}));

  const auto quarters = sums(Interval::quarter, 0, day_ms);

  ASSERT_THAT(quarters, SizeIs(96));
  EXPECT_EQ(quarters[0].milli_wh, 11);
  EXPECT_EQ(quarters[95].milli_wh, 5);
  EXPECT_EQ(quarters[1].coverage, 0);
}

TEST_F(LedgerTest, days_are_those_of_the_plant) {
  write({}, {}, entries_of({energy(0, 10), energy(91, 7), energy(92, 100)}));

  const auto days = sums(Interval::day, 0, day_ms);  // Berlin: a day begins at 23:00 UTC.

  ASSERT_THAT(days, SizeIs(2));
  EXPECT_EQ(days[0].milli_wh, 17);
  EXPECT_EQ(days[1].milli_wh, 100);
}

TEST_F(LedgerTest, minutes_are_refused_because_the_ledger_has_none) {
  EnergyQuery query;
  query.from = at(0);
  query.to = at(1000);
  query.interval = Interval::minute;

  EXPECT_EQ(store_->energy(query).error().code, Errc::invalid_argument);
}

TEST_F(LedgerTest, gives_back_the_events_in_time_order) {
  LedgerEntries entries;
  MeterEvent reset{.device = DeviceId{0}, .kind = MeterEventKind::reset, .at = at(20)};
  reset.before = 7;
  reset.revision = 3;
  MeterEvent held;
  held.at = at(10);
  entries.events = {reset, held};
  write({}, {}, entries);

  EXPECT_THAT(store_->meter_events(at(0), at(100), 10).value(), ElementsAre(held, reset));
  EXPECT_THAT(store_->meter_events(at(0), at(100), 1).value(), ElementsAre(held));
  EXPECT_THAT(store_->meter_events(at(11), at(20), 10).value(), SizeIs(0));
}

TEST_F(LedgerTest, the_state_is_the_one_of_the_last_batch_that_had_one) {
  ASSERT_TRUE(store_->write_batch({"a", 1, {}, {}, {}, std::string("x\0y", 3)}));
  ASSERT_TRUE(store_->write_batch({"a", 2, {}, {}, {}, ""}));

  EXPECT_EQ(store_->ledger_state().value(), std::string("x\0y", 3));
}

TEST_F(LedgerTest, a_minute_has_its_mean_power_and_the_counter_at_its_end) {
  write({sample(0, to_day, 1), sample(0, to_day + 30'000, 3), sample(4, to_day + 1000, 100.5),
         sample(4, to_day + 59'000, 100.6), sample(3, to_day + 10, 1)},
        {{at(to_day), at(to_day + minute_ms), true, ""}});

  EXPECT_EQ(minute(0).power_kw, 2.0);
  EXPECT_EQ(minute(0).energy_kwh, 100.6);
  EXPECT_EQ(minute(0).status, "running");
}

TEST_F(LedgerTest, minutes_without_a_change_hold_the_value_while_life_is_proven) {
  write({sample(0, to_day, 1.5), sample(3, to_day + 10, 2)},
        {{at(to_day), at(to_day + minute_ms), true, ""}});
  write({}, {{at(to_day + minute_ms), at(to_day + 5 * minute_ms), true, ""}});
  write({}, {{at(to_day + 5 * minute_ms), at(to_day + 500 * minute_ms), false, "link lost"}});
  write({}, {{at(to_day + 500 * minute_ms), at(to_day + 501 * minute_ms), true, ""}});

  EXPECT_THAT(engine_.content().device_minutes, SizeIs(6));
  EXPECT_EQ(minute(4).power_kw, 1.5);
  EXPECT_EQ(minute(4).status, "fault");
  EXPECT_EQ(minute(500).power_kw, 1.5);
}

TEST_F(LedgerTest, a_late_sample_corrects_the_minute_that_was_written) {
  write({sample(0, to_day, 1)}, {{at(to_day), at(to_day + 3 * minute_ms), true, ""}});
  EXPECT_EQ(minute(1).power_kw, 1.0);

  write({sample(0, to_day + minute_ms, 5)}, {});

  EXPECT_EQ(minute(0).power_kw, 1.0);
  EXPECT_EQ(minute(1).power_kw, 5.0);
  EXPECT_EQ(minute(2).power_kw, 5.0);
}

TEST_F(LedgerTest, production_is_that_of_the_line) {
  write({sample(5, to_day + 5, 41), sample(5, to_day + 6, 42)},
        {{at(to_day), at(to_day + minute_ms), true, ""}});

  const auto& rows = engine_.content().production_minutes;
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows.begin()->second.product_count, 42.0);
  EXPECT_EQ(rows.begin()->second.reject_count, std::nullopt);
}

}  // namespace
}  // namespace wl::storage
