#include "web/api/oee_body.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/testing/memory_store.hpp"

namespace wl::web {
namespace {

using storage::testing::MemoryStore;
using ::testing::HasSubstr;
using ::testing::Not;

Timestamp at(std::string_view text) {
  return parse_iso8601(text).value();
}

/// Runs 12 of 15 minutes, 20 of 22.5 possible pieces, 2 of them bad.
OeeQuarter quarter(std::string_view start) {
  return {at(start),
          {.planned_ms = 900'000,
           .running_ms = 720'000,
           .breakdown_ms = 180'000,
           .produced = 21,
           .rejected = 2,
           .rated_produced = 20,
           .rated_rejected = 2,
           .ideal_produced_us = 720'000'000,
           .ideal_good_us = 648'000'000}};
}

class OeeBody : public ::testing::Test {
 protected:
  void write(OeeEntries entries) {
    storage::Batch batch;
    batch.oee = std::move(entries);
    ASSERT_TRUE(store_.write_batch(batch));
  }
  void write(std::vector<OeeQuarter> quarters) {
    OeeEntries entries;
    entries.quarters = std::move(quarters);
    write(std::move(entries));
  }
  std::string asked(const std::string& query, std::string_view now = "2026-03-10T12:00") {
    const auto parsed = parse_oee_query(query, at(now));
    return parsed ? oee_body(store_, *parsed, at(now)).value() : parsed.error().message.en;
  }
  std::string losses(bool startup) {
    const auto range = parse_losses_query("", at("2026-03-10T12:00"));
    return losses_body(store_, *range, startup).value();
  }
  std::string downtime(const std::string& query) {
    const auto parsed = parse_downtime_query(query, at("2026-03-10T12:00"));
    return parsed ? downtime_body(store_, *parsed).value() : parsed.error().message.en;
  }

  MemoryStore store_{"Asia/Shanghai"};
};

constexpr const char* of_one_quarter =
    R"("oee_percentage":72,"availability":80,"performance":100,"quality":90,)"
    R"("performance_flag":false,"coverage":1,"total_products":21,"total_rejects":2,)"
    R"("total_planned_hours":0.25,"total_runtime_hours":0.2,"total_downtime_hours":0.05)";

TEST_F(OeeBody, an_hour_has_its_rates_in_per_cent_and_its_totals) {
  write({quarter("2026-03-10T10:15")});

  const std::string body = asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z");

  EXPECT_THAT(body, HasSubstr(std::string(R"("overall":{)") + of_one_quarter + "}"));
  EXPECT_THAT(body, HasSubstr(std::string(R"("data":[{"period":"2026-03-10T10:00:00.000Z",)"
                                          R"("end":"2026-03-10T11:00:00.000Z",)") +
                              of_one_quarter + "}]"));
  EXPECT_THAT(body, HasSubstr(R"("pagination":{"page":1,"page_size":100,"total":1,)"
                              R"("total_pages":1})"));
}

TEST_F(OeeBody, a_range_begins_in_1970_at_the_earliest_as_its_start_can_be_asked_for_no_earlier) {
  EXPECT_THAT(asked("end_time=1970-01-01T05:00Z"),
              HasSubstr(R"("time_range":{"start_time":"1970-01-01T00:00:00.000Z",)"));
  EXPECT_THAT(asked("end_time=1970-01-01T00:00Z"), HasSubstr("start_time"));
}

TEST_F(OeeBody, an_hour_without_anything_planned_has_no_rates) {
  const std::string body = asked("start_time=2026-03-10T10:00Z&end_time=2026-03-10T11:00Z");

  EXPECT_THAT(body, HasSubstr(R"("oee_percentage":null,"availability":null,"performance":null,)"
                              R"("quality":null,"performance_flag":false)"));
}

TEST_F(OeeBody, a_line_faster_than_its_ideal_is_flagged_and_not_clamped) {
  OeeQuarter fast = quarter("2026-03-10T10:15");
  fast.sums.ideal_produced_us = 900'000'000;
  write({fast});

  EXPECT_THAT(asked(""), HasSubstr(R"("performance":125,"quality":72,"performance_flag":true)"));
}

TEST_F(OeeBody, the_running_shift_is_shown_with_its_name) {
  ShiftCalendar shifts;
  shifts.weekly = {{{{"早班", "Early"}, {360, 840}, {}}, {true, true, true, true, true, true, true}}};
  store_.plan(shifts);
  write({quarter("2026-03-10T02:15")});

  EXPECT_THAT(asked("", "2026-03-10T03:00"),
              HasSubstr(R"("current_shift":{"period":"2026-03-09T22:00:00.000Z",)"
                        R"("end":"2026-03-10T06:00:00.000Z",)"
                        R"("shift":{"zh-CN":"早班","en":"Early"},"oee_percentage":72)"));
  EXPECT_THAT(asked("", "2026-03-10T12:00"), HasSubstr(R"("current_shift":null)"));
}

TEST_F(OeeBody, pages_ascend_in_time) {
  const std::string body = asked("page=2&page_size=10");

  EXPECT_THAT(body, HasSubstr(R"("data":[{"period":"2026-03-09T22:00:00.000Z")"));
  EXPECT_THAT(body, HasSubstr(R"("page":2,"page_size":10,"total":24,"total_pages":3)"));
  EXPECT_THAT(asked("page=9"), HasSubstr(R"("data":[])"));
}

TEST_F(OeeBody, what_it_does_not_understand_is_named) {
  EXPECT_THAT(asked("dimension=year"), HasSubstr("dimension"));
  EXPECT_THAT(asked("dimension=year"), HasSubstr("hour, day, week, month, shift"));
  EXPECT_THAT(asked("page_size=1001"), HasSubstr("page_size"));
  EXPECT_THAT(downtime("cause=lunch"), HasSubstr("breakdown, setup, idle, minor_stop"));
}

/// 60 min planned: 10 not seen, 8 broken down, 2 of minor stops, 40 running; 60 pieces at 36 s, 5
/// bad, 1 of them at the start.
TEST_F(OeeBody, losses_lead_from_planned_time_to_good_pieces) {
  write({{at("2026-03-10T10:00"),
          {.planned_ms = 3'600'000,
           .running_ms = 2'400'000,
           .minor_stop_ms = 120'000,
           .breakdown_ms = 480'000,
           .unknown_ms = 600'000,
           .rated_produced = 60,
           .rated_rejected = 5,
           .rated_startup_rejected = 1,
           .ideal_produced_us = 2'160'000'000,
           .ideal_good_us = 1'980'000'000,
           .ideal_startup_us = 36'000'000}}});

  const std::string body = losses(true);

  EXPECT_THAT(body, HasSubstr(R"("planned_hours":1,"unknown_hours":0.167,"break_hours":0,)"
                              R"("effective_hours":0.55)"));
  EXPECT_THAT(body, HasSubstr(R"({"loss":"breakdown","factor":"availability","hours":0.133,)"
                              R"("percentage":16})"));
  EXPECT_THAT(body, HasSubstr(R"({"loss":"minor_stop","factor":"performance","hours":0.033,)"
                              R"("percentage":4})"));
  EXPECT_THAT(body, HasSubstr(R"({"loss":"reduced_speed","factor":"performance","hours":0.067,)"
                              R"("percentage":8})"));
  EXPECT_THAT(body, HasSubstr(R"({"loss":"startup_rejects","factor":"quality","hours":0.01,)"
                              R"("percentage":1.2})"));
  EXPECT_THAT(body, HasSubstr(R"({"loss":"production_rejects","factor":"quality","hours":0.04,)"
                              R"("percentage":4.8})"));
  EXPECT_THAT(body, HasSubstr(R"("oee_percentage":66)"));  // 16 + 4 + 8 + 1.2 + 4.8 + 66 = 100
  EXPECT_THAT(losses(false), HasSubstr(R"("startup_rejects","factor":"quality","hours":null)"));
}

TEST_F(OeeBody, stops_are_listed_newest_first_with_their_cause) {
  OeeEntries entries;
  entries.stops = {
      {at("2026-03-10T08:00"), at("2026-03-10T08:20"), OeeElement::breakdown, "fault", 1'200'000},
      {at("2026-03-10T09:00"), at("2026-03-10T09:01"), OeeElement::minor_stop, "fault", 60'000},
      {at("2026-03-10T11:00"), {}, OeeElement::idle, "standby", 3'600'000}};
  write(entries);

  const std::string body = downtime("page_size=2");

  EXPECT_THAT(body, HasSubstr(R"("stops":[{"start_time":"2026-03-10T11:00:00.000Z",)"
                              R"("end_time":null,"ongoing":true,"cause":"idle",)"
                              R"("state":"standby","duration_s":3600},{"start_time")"));
  EXPECT_THAT(body, Not(HasSubstr("T08:00")));
  EXPECT_THAT(body, HasSubstr(R"("breakdown":{"count":1,"duration_s":1200})"));
  EXPECT_THAT(body, HasSubstr(R"("truncated":false,"pagination":{"page":1,"page_size":2,)"
                              R"("total":3,"total_pages":2})"));
  EXPECT_THAT(downtime("cause=breakdown"), HasSubstr(R"("total":1,)"));
}

}  // namespace
}  // namespace wl::web
