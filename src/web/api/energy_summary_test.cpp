#include "web/api/energy_summary.hpp"

#include "storage/testing/memory_store.hpp"
#include "web/api/energy_totals.hpp"
#include "web/testing/plant_pieces.hpp"

namespace wl::web {
namespace {

using std::chrono::days;
using std::chrono::hours;
using storage::testing::MemoryStore;
using ::testing::HasSubstr;

Timestamp at(std::string_view text) {
  return parse_iso8601(text).value();
}

/// Two devices and a line meter.
Plant three_meters() {
  Plant plant;
  plant.time_zone = "Europe/Berlin";
  for (const std::string id : {"mill", "saw", "total"}) {
    const DeviceId device = testing::add_device(plant, id, id == "total" ? "line" : "machine");
    testing::add_point(plant, device, "power_kw");
    testing::add_point(plant, device, "energy_kwh");
  }
  return plant;
}

/// `milli_wh` in every quarter hour of [from, to), half of it seen.
void use(storage::Batch& batch, std::uint32_t device, TimeRange range, std::int64_t milli_wh) {
  for (Timestamp start = range.from; start < range.to; start += energy_bucket_length)
    batch.ledger.buckets.push_back(
        {.device = DeviceId{device}, .start = start, .milli_wh = milli_wh, .covered_ms = 450'000});
}

Result<std::string> body(storage::Store& store, const Plant& plant, const std::string& query,
                         Timestamp now) {
  const auto asked = parse_summary_query(query, plant, now);
  if (!asked) return fail(Errc::invalid_argument, asked.error().message.en);
  return summary_body(store, plant, *asked);
}

std::string refusal(const std::string& query) {
  const Plant plant = three_meters();
  const auto asked = parse_summary_query(query, plant, at("2026-03-01"));
  return asked ? "" : asked.error().message.en;
}

class EnergySummary : public ::testing::Test {
 protected:
  EnergySummary() : plant_(three_meters()), store_(plant_.time_zone) {}

  void write(const storage::Batch& batch) { ASSERT_TRUE(store_.write_batch(batch)); }

  std::string asked(const std::string& query, std::string_view now = "2026-03-10T12:00") {
    return body(store_, plant_, query, at(now)).value_or("refused");
  }

  Plant plant_;
  MemoryStore store_;
};

TEST_F(EnergySummary, gives_the_energy_of_each_device_and_of_the_line_meter_once) {
  storage::Batch batch;
  const TimeRange hour{at("2026-03-10T10:00"), at("2026-03-10T11:00")};
  use(batch, 0, hour, 250'000);
  use(batch, 1, hour, 500'000);
  use(batch, 2, hour, 800'000);
  write(batch);

  const std::string answer = asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z");

  EXPECT_THAT(answer, HasSubstr(R"("total_energy_kwh":3.2,"devices":[)"));
  EXPECT_THAT(answer, HasSubstr(R"({"device_id":"mill","total_energy_kwh":1,)"
                                R"("avg_power_kw":null,"max_power_kw":null,"min_power_kw":null,)"
                                R"("record_count":0,"coverage":0.5})"));
  EXPECT_THAT(answer, HasSubstr(R"("trend_interval":"15m","trend_unit":"kWh","trend":[)"
                                R"({"timestamp":"2026-03-10T10:00:00.000Z","mill":0.25,)"
                                R"("saw":0.5,"total":0.8},)"));
}

TEST_F(EnergySummary, without_a_line_meter_the_total_is_that_of_all_devices) {
  plant_.devices[2].type = "machine";
  storage::Batch batch;
  use(batch, 0, {at("2026-03-10T10:00"), at("2026-03-10T11:00")}, 250'000);
  use(batch, 2, {at("2026-03-10T10:00"), at("2026-03-10T11:00")}, 800'000);
  write(batch);

  EXPECT_THAT(asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z"),
              HasSubstr(R"("total_energy_kwh":4.2,"devices":[)"));
}

TEST_F(EnergySummary, of_one_device_has_its_total_and_trend_alone) {
  storage::Batch batch;
  use(batch, 1, {at("2026-03-10T10:00"), at("2026-03-10T11:00")}, 500'000);
  write(batch);

  const std::string answer =
      asked("device_id=saw&start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:15Z");

  EXPECT_THAT(answer, HasSubstr(R"("total_energy_kwh":0.5,"devices":[{"device_id":"saw")"));
  EXPECT_THAT(answer, HasSubstr(R"("trend":[{"timestamp":"2026-03-10T10:00:00.000Z","saw":0.5}])"));
}

TEST_F(EnergySummary, compares_with_the_period_before_and_with_a_year_ago) {
  storage::Batch batch;
  use(batch, 2, {at("2026-03-10T10:00"), at("2026-03-10T11:00")}, 300'000);
  use(batch, 2, {at("2026-03-10T09:00"), at("2026-03-10T10:00")}, 200'000);
  use(batch, 2, {at("2025-03-10T10:00"), at("2025-03-10T11:00")}, 400'000);
  write(batch);

  const std::string answer = asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z");

  EXPECT_THAT(answer, HasSubstr(R"("period_over_period":{"current":1.2,"previous":0.8,)"
                                R"("change_percentage":50})"));
  EXPECT_THAT(answer, HasSubstr(R"("year_over_year":{"current":1.2,"previous":1.6,)"
                                R"("change_percentage":-25})"));
}

TEST_F(EnergySummary, says_nothing_where_nothing_is_known) {
  const std::string answer = asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:15Z");

  EXPECT_THAT(answer, HasSubstr(R"("total_energy_kwh":null)"));
  EXPECT_THAT(answer, HasSubstr(R"({"current":null,"previous":null,"change_percentage":null})"));
  EXPECT_THAT(answer, HasSubstr(R"("mill":null,"saw":null,"total":null)"));
}

TEST_F(EnergySummary, by_day_uses_the_days_of_the_plant) {
  storage::Batch batch;
  // The clock is put forward on 29 March 2026: 92 quarter hours.
  use(batch, 0, {at("2026-03-28T23:00"), at("2026-03-29T22:00")}, 1'000'000);
  write(batch);

  const std::string answer =
      asked("device_id=mill&interval=day&start_time=2026-03-29T10:00Z&end_time=2026-03-29T11:00Z",
            "2026-04-01");

  EXPECT_THAT(answer, HasSubstr(R"({"success":true,"summary":{"aggregate":"sum","unit":"kWh",)"
                                R"("interval":"day","data":[)"
                                R"({"time_period":"2026-03-28T23:00:00.000Z",)"
                                R"("end":"2026-03-29T22:00:00.000Z","device_id":"mill",)"
                                R"("value":92}],"total_records":1}})"));
}

TEST_F(EnergySummary, aggregates_of_power_come_from_the_samples) {
  storage::Batch batch;
  batch.samples = {{PointId{0}, 2, quality::good, at("2026-03-10T10:00")},
                   {PointId{0}, 5, quality::good, at("2026-03-10T10:45")}};
  batch.intervals = {{at("2026-03-10T10:00"), at("2026-03-10T11:00"), true, ""}};
  write(batch);
  const std::string hour =
      "device_id=mill&interval=hour&start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z";

  EXPECT_THAT(asked(hour + "&aggregate=avg"), HasSubstr(R"("value":2.75)"));
  EXPECT_THAT(asked(hour + "&aggregate=max"), HasSubstr(R"("value":5)"));
  EXPECT_THAT(asked(hour + "&aggregate=min"), HasSubstr(R"("value":2)"));
  EXPECT_THAT(asked(hour + "&aggregate=count"), HasSubstr(R"("value":2)"));
  EXPECT_THAT(asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z"),
              HasSubstr(R"("avg_power_kw":2.75,"max_power_kw":5,"min_power_kw":2,)"
                        R"("record_count":2)"));
}

TEST_F(EnergySummary, of_a_year_reads_days_and_quarters_at_the_ends_and_loses_nothing) {
  storage::Batch batch;
  const TimeRange range{at("2025-03-10T10:15"), at("2026-03-10T11:45")};
  use(batch, 2, range, 1'000);
  write(batch);
  TotalsReader reader(store_);

  const auto totals = reader.energy({DeviceId{2}}, range);

  ASSERT_TRUE(totals.has_value());
  EXPECT_EQ(totals->front().milli_wh, 1'000 * (range.length() / energy_bucket_length));
  EXPECT_NEAR(totals->front().coverage, 0.5, 1e-9);
}

TEST_F(EnergySummary, has_at_most_2000_points_in_its_trend) {
  const std::string answer = asked("start_time=2020-01-01&end_time=2026-03-10");

  EXPECT_THAT(answer, HasSubstr(R"("trend_interval":"week")"));
}

TEST(EnergyRange, is_widened_to_whole_quarter_hours) {
  EXPECT_EQ(whole_quarters({at("2026-03-10T10:07"), at("2026-03-10T10:31")}),
            (TimeRange{at("2026-03-10T10:00"), at("2026-03-10T10:45")}));
  EXPECT_EQ(whole_quarters({at("2026-03-10T10:15"), at("2026-03-10T10:30")}),
            (TimeRange{at("2026-03-10T10:15"), at("2026-03-10T10:30")}));
}

TEST(EnergyRange, of_a_leap_day_is_compared_with_the_28th) {
  EXPECT_EQ(a_year_before({at("2028-02-29T10:00"), at("2028-03-01T10:00")}),
            (TimeRange{at("2027-02-28T10:00"), at("2027-03-01T10:00")}));
}

TEST(EnergyParameters, that_are_not_understood_are_named) {
  EXPECT_THAT(refusal("device_id=drill"), HasSubstr("device_id: should be mill, saw, total"));
  EXPECT_THAT(refusal("aggregate=median"), HasSubstr("aggregate: should be avg, sum"));
  EXPECT_THAT(refusal("interval=1m"), HasSubstr("interval: should be 15m, hour"));
  EXPECT_THAT(refusal("start_time=now"), HasSubstr("start_time: should be ISO 8601"));
  EXPECT_THAT(refusal("interval=15m&start_time=2026-01-01"), HasSubstr("more than 2,000"));
  EXPECT_EQ(refusal("interval=hour&start_time=2026-01-01"), "");
}

}  // namespace
}  // namespace wl::web
