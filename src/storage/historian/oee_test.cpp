// The OEE as it was written, summed over the periods of the plant.
#include "storage/historian/testing/historian_suite.hpp"

namespace wl::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::SizeIs;

constexpr std::array<bool, 7> every_day{true, true, true, true, true, true, true};

Timestamp utc(const char* text) {
  return parse_iso8601(text).value();
}

/// A quarter hour that ran wholly.
OeeQuarter ran(const char* start, std::int64_t produced) {
  return {utc(start), {.planned_ms = 900'000, .running_ms = 900'000, .produced = produced}};
}

class OeeStoreTest : public ::testing::Test {
 protected:
  void open() { store_ = historian_on(engine_.open(), plant_, "Europe/Berlin"); }
  void write(OeeEntries entries, std::string state = {}) {
    Batch batch;
    batch.source = "test";
    batch.seq = ++seq_;
    batch.oee = std::move(entries);
    batch.oee_state = std::move(state);
    ASSERT_TRUE(store_->write_batch(batch));
  }
  static OeeEntries quarters(std::vector<OeeQuarter> list) {
    OeeEntries entries;
    entries.quarters = std::move(list);
    return entries;
  }
  OeeAnswer asked(OeePeriod period, const char* from, const char* to) {
    return store_->oee({.from = utc(from), .to = utc(to), .period = period}).value();
  }

  MemoryEngine engine_;
  Plant plant_ = suite_plant();
  std::unique_ptr<Historian> store_;
  std::uint64_t seq_ = 0;
};

TEST_F(OeeStoreTest, periods_are_those_of_the_plant_and_sums_of_quarter_hours) {
  open();
  write(quarters({ran("2026-10-24T21:45:00Z", 1), ran("2026-10-24T22:00:00Z", 10),
                  ran("2026-10-25T22:45:00Z", 20), ran("2026-10-25T23:00:00Z", 100)}));

  const OeeAnswer days = asked(OeePeriod::day, "2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z");

  ASSERT_THAT(days.buckets, SizeIs(1));  // Of 25 hours.
  EXPECT_EQ(days.buckets[0].from, utc("2026-10-24T22:00:00Z"));
  EXPECT_EQ(days.buckets[0].to, utc("2026-10-25T23:00:00Z"));
  EXPECT_EQ(days.buckets[0].sums.produced, 30);
  EXPECT_EQ(days.buckets[0].sums.running_ms, 1'800'000);
  EXPECT_EQ(days.total.produced, 0);  // Of the range alone.
}

TEST_F(OeeStoreTest, the_total_is_that_of_the_range_in_quarter_hours) {
  open();
  write(quarters({ran("2026-07-01T10:00:00Z", 1), ran("2026-07-01T10:15:00Z", 2),
                  ran("2026-07-01T10:30:00Z", 4)}));

  const OeeAnswer hours = asked(OeePeriod::hour, "2026-07-01T10:20:00Z", "2026-07-01T10:45:00Z");

  EXPECT_EQ(hours.total.produced, 6);
  EXPECT_EQ(hours.buckets.at(0).sums.produced, 7);
}

TEST_F(OeeStoreTest, shifts_have_their_names_and_no_time_between_them) {
  plant_.oee.emplace();
  plant_.oee->calendar.weekly = {{{{"早班", "Early"}, {360, 840}, {}}, every_day},
                                 {{{"晚班", "Late"}, {900, 1320}, {}}, every_day}};
  open();
  write(quarters({ran("2026-07-01T03:45:00Z", 1), ran("2026-07-01T04:00:00Z", 10),
                  ran("2026-07-01T12:15:00Z", 100), ran("2026-07-01T13:00:00Z", 20)}));

  const OeeAnswer shifts = asked(OeePeriod::shift, "2026-07-01T00:00:00Z", "2026-07-01T22:00:00Z");

  ASSERT_THAT(shifts.buckets, SizeIs(2));
  EXPECT_EQ(shifts.buckets[0].shift.en, "Early");
  EXPECT_EQ(shifts.buckets[0].sums.produced, 10);
  EXPECT_EQ(shifts.buckets[1].from, utc("2026-07-01T13:00:00Z"));
  EXPECT_EQ(shifts.buckets[1].sums.produced, 20);
  EXPECT_EQ(shifts.total.produced, 131);
}

TEST_F(OeeStoreTest, a_quarter_hour_written_again_replaces_the_one_before) {
  open();
  write(quarters({ran("2026-07-01T10:00:00Z", 1)}));
  write(quarters({ran("2026-07-01T10:00:00Z", 5)}), "state");

  EXPECT_EQ(asked(OeePeriod::week, "2026-07-01", "2026-07-02").buckets.at(0).sums.produced, 5);
  EXPECT_EQ(store_->oee_state(), "state");
}

TEST_F(OeeStoreTest, stops_are_replaced_from_where_they_changed) {
  open();
  OeeEntries entries;
  entries.stops_from = utc("2026-07-01");
  entries.stops = {{utc("2026-07-01T10:00:00Z"), {}, OeeElement::idle, "standby", 60'000}};
  write(entries);
  write({});
  entries.stops[0].end = utc("2026-07-01T10:02:00Z");
  write(entries);

  EXPECT_THAT(store_->oee_stops(utc("2026-07-01"), utc("2026-07-02"), 9).value(),
              ElementsAre(Field(&OeeStop::end, utc("2026-07-01T10:02:00Z"))));
}

TEST_F(OeeStoreTest, a_batch_that_was_written_before_changes_nothing) {
  open();
  write(quarters({ran("2026-07-01T10:00:00Z", 1)}));
  --seq_;
  write(quarters({ran("2026-07-01T10:00:00Z", 9)}), "other");

  EXPECT_EQ(asked(OeePeriod::day, "2026-07-01", "2026-07-02").total.produced, 1);
  EXPECT_EQ(store_->oee_state(), "");
}

TEST_F(OeeStoreTest, more_periods_than_asked_for_are_refused) {
  open();
  const OeeQuery query{.from = utc("2026-07-01"), .to = utc("2026-07-03"), .max_buckets = 40};

  EXPECT_EQ(store_->oee(query).error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace wl::storage
