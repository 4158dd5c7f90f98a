#include "web/api/bucket_page.hpp"

#include "storage/testing/memory_store.hpp"
#include "web/testing/plant_pieces.hpp"

namespace wl::web {
namespace {

using storage::testing::MemoryStore;
using ::testing::HasSubstr;
using ::testing::Not;

Timestamp at(std::string_view text) {
  return parse_iso8601(text).value();
}

/// One device: power_kw, energy_kwh, status.
Plant one_mill() {
  Plant plant;
  plant.time_zone = "Asia/Shanghai";
  const DeviceId mill = testing::add_device(plant, "mill", "machine");
  testing::add_point(plant, mill, "power_kw");
  testing::add_point(plant, mill, "energy_kwh");
  testing::add_point(plant, mill, "status", {"standby", "running"});
  return plant;
}

/// Two minutes from 10:00 with a gap of half a minute.
storage::Batch two_minutes() {
  storage::Batch batch;
  batch.samples = {{PointId{0}, 2, quality::good, at("2026-03-10T10:00:00")},
                   {PointId{0}, 6, quality::good, at("2026-03-10T10:00:15")},
                   {PointId{1}, 100, quality::good, at("2026-03-10T10:00:00")},
                   {PointId{1}, 100.5, quality::good, at("2026-03-10T10:01:10")},
                   {PointId{2}, 1, quality::good, at("2026-03-10T10:00:00")}};
  batch.intervals = {{at("2026-03-10T10:00"), at("2026-03-10T10:01:30"), true, ""},
                     {at("2026-03-10T10:01:30"), at("2026-03-10T10:02"), false, "gateway gone"}};
  batch.ledger.buckets = {{.device = DeviceId{0},
                           .start = at("2026-03-10T10:00"),
                           .milli_wh = 400'000,
                           .covered_ms = 90'000}};
  return batch;
}

class BucketPage : public ::testing::Test {
 protected:
  BucketPage() : plant_(one_mill()), store_(plant_.time_zone) {
    EXPECT_TRUE(store_.write_batch(two_minutes()).has_value());
  }

  std::string asked(const std::string& query) {
    auto parsed = parse_bucket_query(query, plant_, DeviceId{0}, at("2026-03-10T12:00"));
    if (!parsed) return parsed.error().message.en;
    parsed->settled_until = at("2026-03-10T12:00");
    const auto body = bucket_body(store_, plant_, *parsed);
    return body ? body->json : "refused";
  }

  Plant plant_;
  MemoryStore store_;
};

TEST_F(BucketPage, has_the_statistics_of_each_point_and_the_energy_used) {
  const std::string answer =
      asked("interval=1m&start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:02Z");

  EXPECT_THAT(answer,
              HasSubstr(R"({"success":true,"device_id":"mill","interval":"1m","data":[)"
                        R"({"timestamp":"2026-03-10T10:00:00.000Z",)"
                        R"("end":"2026-03-10T10:01:00.000Z","energy_kwh":0,"points":{)"
                        R"("power_kw":{"min":2,"max":6,"avg":5,"last":6,"count":2,"coverage":1},)"
                        R"("energy_kwh":{"min":100,"max":100,"avg":100,"last":100,"count":1,)"
                        R"("coverage":1},"status":{"last":"running","count":1,"coverage":1}}})"));
  EXPECT_THAT(answer, HasSubstr(R"("energy_kwh":0.5,"points":{)"
                                R"("power_kw":{"min":6,"max":6,"avg":6,"last":6,"count":0,)"
                                R"("coverage":0.5})"));
}

TEST_F(BucketPage, names_the_gaps) {
  EXPECT_THAT(asked("interval=1m&start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:02Z"),
              HasSubstr(R"("gaps":[{"from":"2026-03-10T10:01:30.000Z",)"
                        R"("to":"2026-03-10T10:02:00.000Z","cause":"gateway gone"}])"));
}

TEST_F(BucketPage, has_null_where_nothing_is_known) {
  EXPECT_THAT(asked("interval=hour&start_time=2026-03-10T08:00Z&end_time=2026-03-10T09:00Z"),
              HasSubstr(R"("energy_kwh":null,"points":{"power_kw":{"min":null,"max":null,)"
                        R"("avg":null,"last":null,"count":0,"coverage":0})"));
}

TEST_F(BucketPage, takes_the_energy_of_longer_buckets_from_the_ledger) {
  EXPECT_THAT(asked("interval=15m&start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:01Z"),
              HasSubstr(R"("end":"2026-03-10T10:15:00.000Z","energy_kwh":0.4,"points")"));
  EXPECT_THAT(asked("interval=day&start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:01Z"),
              HasSubstr(R"("timestamp":"2026-03-09T16:00:00.000Z",)"
                        R"("end":"2026-03-10T16:00:00.000Z","energy_kwh":0.4,"points")"));
}

TEST_F(BucketPage, has_the_points_that_were_asked_for) {
  const std::string answer =
      asked("interval=1m&points=power_kw&start_time=2026-03-10T10:00Z&end_time=2026-03-10T10:01Z");

  EXPECT_THAT(answer, HasSubstr(R"("points":{"power_kw":{)"));
  EXPECT_THAT(answer, Not(HasSubstr("energy_kwh")));
}

TEST_F(BucketPage, chooses_the_interval_that_fits) {
  EXPECT_THAT(asked("interval=auto&start_time=2026-03-09T12:00Z"), HasSubstr(R"("interval":"1m")"));
  EXPECT_THAT(asked("interval=auto&start_time=2026-03-01"), HasSubstr(R"("interval":"15m")"));
  EXPECT_THAT(asked("interval=auto&start_time=2025-03-10"), HasSubstr(R"("interval":"day")"));
}

TEST_F(BucketPage, takes_quarters_where_minutes_are_not_kept_any_more) {
  EXPECT_THAT(asked("interval=auto&start_time=2024-03-10&end_time=2024-03-11"),
              HasSubstr(R"("interval":"15m")"));
  EXPECT_THAT(asked("interval=auto&start_time=1980-01-01"), HasSubstr(R"("interval":"month")"));
}

TEST_F(BucketPage, refuses_minutes_that_were_removed_and_says_what_there_is) {
  const std::string range = "&start_time=2024-03-10T10:00Z&end_time=2024-03-10T11:00Z";

  EXPECT_THAT(
      asked("interval=1m" + range),
      HasSubstr("kept for 400 days, from 2025-02-03T12:00:00.000Z on; for earlier times ask "
                "for 15m, hour"));
  EXPECT_THAT(asked("interval=15m" + range), HasSubstr(R"("interval":"15m")"));
}

TEST_F(BucketPage, refuses_what_it_does_not_understand_and_names_it) {
  EXPECT_THAT(asked("interval=fortnight"), HasSubstr("interval: should be raw, auto, 1m, 15m"));
  EXPECT_THAT(asked("interval=1m&start_time=2026-03-01"), HasSubstr("more than 2,000 buckets"));
  EXPECT_THAT(asked("interval=1m&points=speed"),
              HasSubstr("points: should be power_kw, energy_kwh, status"));
  EXPECT_THAT(asked("interval=1m&start_time=2026-03-10T11:00Z&end_time=2026-03-10T11:00Z"),
              HasSubstr("start_time: should be < end_time"));
}

TEST_F(BucketPage, of_the_future_is_empty) {
  EXPECT_THAT(asked("interval=hour&start_time=2026-05-01&end_time=2026-05-02"),
              HasSubstr(R"("data":[],"gaps":[])"));
}

TEST(BucketQuestion, is_one_with_an_interval_other_than_raw) {
  EXPECT_TRUE(asks_for_buckets("interval=auto"));
  EXPECT_FALSE(asks_for_buckets("interval=raw"));
  EXPECT_FALSE(asks_for_buckets("page=2"));
  EXPECT_FALSE(asks_for_buckets("interval="));
}

}  // namespace
}  // namespace wl::web
