// /api/alarms and /api/thresholds over real sockets, with a real database and a collector's
// answers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "storage/testing/alarm_samples.hpp"
#include "web/testing/order_taker.hpp"
#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* english = "Accept-Language: en\r\n";

/// 1 to 3 of the conveyor, 3 acknowledged and over; 4 of a device that left plant.json.
storage::Batch some_alarms() {
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  batch.alarms = {storage::alarm_row(1), storage::alarm_row(2), storage::ended_alarm(3),
                  storage::alarm_row(4)};
  batch.alarms[1].alarm_level = "warning";
  batch.alarms[2].note = "=cmd|' /C calc'!A0";
  batch.alarms[3].device_id = "robot";
  batch.alarm_journal = {storage::journal_row(3, 1, "raise"),
                         storage::journal_row(3, 2, "acknowledge")};
  return batch;
}

class AlarmApiTest : public ::testing::Test {
 protected:
  AlarmApiTest() { server_.store(some_alarms()); }

  Answer get(const std::string& path, const std::string& head = english) {
    return request(server_.port(), "GET " + path, admin_.cookie + head);
  }
  Answer send(const std::string& method, const std::string& path, const std::string& body,
              const std::string& head = "") {
    return request(server_.port(), method + " " + path, admin_.all() + english + head, body);
  }
  Answer add_threshold(const std::string& members = R"("threshold_value":3)") {
    return send("POST", "/api/thresholds",
                R"({"device_id":"conveyor","parameter_name":"power_kw","alarm_level":"warning",)" +
                    members + "}");
  }

  RunningServer server_;
  SignedInClient admin_ = sign_in(server_.port());
};

/// A collector that does every order and remembers the last one.
class ObedientCollector {
 public:
  explicit ObedientCollector(const std::filesystem::path& directory)
      : taker_(directory, [this](const LiveOrder& order) { return obey(order); }) {}

  LiveOrder last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }
  int orders() {
    const std::lock_guard lock(mutex_);
    return orders_;
  }

 private:
  LiveAnswer obey(const LiveOrder& order) {
    const std::lock_guard lock(mutex_);
    last_ = order;
    ++orders_;
    LiveAnswer answer;
    for (const std::uint64_t id : order.ids) {
      AlarmRow row = storage::alarm_row(id);
      row.acknowledged = true;
      row.acknowledged_by = order.by;
      row.acknowledged_at = row.timestamp;
      row.state = alarm_state::active_acked;
      row.note = order.note;
      answer.alarms.push_back(std::move(row));
    }
    return answer;
  }

  std::mutex mutex_;
  LiveOrder last_;
  int orders_ = 0;
  OrderTaker taker_;  // Last: its thread ends before the rest goes.
};

/// Refuses alarm 1 and does the rest.
LiveAnswer refuse_the_first(const LiveOrder& order) {
  LiveAnswer answer;
  answer.error = Error{Errc::conflict, "alarm 1 was acknowledged by li"};
  answer.refused = {{1, *answer.error}};
  if (order.ids.size() > 1) answer.alarms = {storage::ended_alarm(2)};
  return answer;
}

TEST_F(AlarmApiTest, lists_the_newest_alarms_first_with_statistics_of_all) {
  const Answer answer = get("/api/alarms?page_size=2");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, StartsWith(R"({"success":true,"alarms":[{"id":4,"timestamp":)"));
  EXPECT_THAT(answer.body,
              HasSubstr(R"("pagination":{"page":1,"page_size":2,"total":4,"total_pages":2})"));
  EXPECT_THAT(answer.body, HasSubstr(R"("statistics":{"total":4,"by_level":{"critical":3,)"
                                     R"("warning":1},"by_device":{"conveyor":3,"robot":1}})"));
  EXPECT_THAT(get("/api/alarms?page_size=2&page=2").body, HasSubstr(R"("alarms":[{"id":2,)"));
}

TEST_F(AlarmApiTest, says_what_is_wrong_in_the_readers_language) {
  EXPECT_THAT(get("/api/alarms/1").body,
              HasSubstr("Infeed conveyor: power_kw is 4.5 kW, above the limit 4 kW\""));
  EXPECT_THAT(get("/api/alarms/1", "").body, HasSubstr("上料传送带 power_kw 为 4.5 kW"));
  EXPECT_THAT(get("/api/alarms/4").body, HasSubstr(R"("device_name":"robot")"));
}

TEST_F(AlarmApiTest, shows_all_that_happened_to_one_alarm) {
  const Answer answer = get("/api/alarms/3");

  EXPECT_THAT(answer.body, HasSubstr(R"("acknowledged_by":"li")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("event":"raise")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("event":"acknowledge")"));
  EXPECT_EQ(get("/api/alarms/99").status, 404);
  EXPECT_EQ(get("/api/alarms/none").status, 404);
}

TEST_F(AlarmApiTest, filters_by_device_level_state_acknowledgement_and_time) {
  const auto total = [this](const std::string& filter) {
    const std::string body = get("/api/alarms?" + filter).body;
    const std::string mark = R"("statistics":{"total":)";
    return body.substr(body.find(mark) + mark.size(), 1);
  };

  EXPECT_EQ(total("device_id=robot"), "1");
  EXPECT_EQ(total("alarm_level=warning"), "1");
  EXPECT_EQ(total("acknowledged=true"), "1");
  EXPECT_EQ(total("acknowledged=false"), "3");
  EXPECT_EQ(total("state=open"), "3");
  EXPECT_EQ(total("state=normal,shelved"), "1");
  EXPECT_EQ(total("start_time=2023-11-14T22:13:22Z&end_time=2023-11-14T22:13:24Z"), "2");
}

TEST_F(AlarmApiTest, refuses_a_filter_that_it_does_not_understand) {
  EXPECT_EQ(get("/api/alarms?page_size=501").status, 400);
  EXPECT_EQ(get("/api/alarms?alarm_level=red").status, 400);
  EXPECT_EQ(get("/api/alarms?acknowledged=maybe").status, 400);
  EXPECT_THAT(get("/api/alarms?state=asleep").text("message"),
              HasSubstr("open, normal, active_unacked"));
  EXPECT_EQ(get("/api/alarms?start_time=yesterday").status, 400);
  EXPECT_EQ(get("/api/alarms?start_time=2026-01-02&end_time=2026-01-01").status, 400);
}

TEST_F(AlarmApiTest, gives_a_csv_in_which_no_text_is_a_formula) {
  const Answer answer = get("/api/alarms?format=csv");

  EXPECT_EQ(answer.header("Content-Disposition"), "attachment; filename=\"alarms.csv\"");
  EXPECT_THAT(answer.body, StartsWith("id,timestamp,device_id,"));
  EXPECT_THAT(answer.body, HasSubstr("4,2023-11-15T06:13:24.000+08:00,robot,robot,power_kw,"));
  EXPECT_THAT(answer.body, HasSubstr("'=cmd|"));
  EXPECT_THAT(answer.body, Not(HasSubstr(",=cmd")));
}

TEST_F(AlarmApiTest, an_acknowledgement_is_answered_when_the_collector_has_done_it) {
  ObedientCollector collector(server_.directory());

  const Answer answer = send("POST", "/api/alarms/1/acknowledge", R"({"note":"已派人"})");

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("acknowledged":true)"),
                                 HasSubstr(R"("acknowledged_by":"admin")")));
  EXPECT_EQ(collector.last().kind, LiveOrder::Kind::acknowledge);
  EXPECT_EQ(collector.last().note, "已派人");
  EXPECT_EQ(send("POST", "/api/alarms/1/acknowledge", "").status, 200) << "the note may be missing";
}

TEST_F(AlarmApiTest, an_alarm_is_shelved_for_minutes_and_unshelved) {
  ObedientCollector collector(server_.directory());

  EXPECT_EQ(send("POST", "/api/alarms/1/shelve", R"({"minutes":30,"note":"repair"})").status, 200);
  EXPECT_EQ(collector.last().minutes, 30);
  EXPECT_EQ(send("POST", "/api/alarms/1/unshelve", "{}").status, 200);
  EXPECT_EQ(collector.last().kind, LiveOrder::Kind::unshelve);
}

TEST_F(AlarmApiTest, of_many_alarms_those_that_were_refused_are_named) {
  const OrderTaker collector(server_.directory(), refuse_the_first);

  const Answer both = send("POST", "/api/alarms/acknowledge", R"({"ids":[1,2,1]})");
  const Answer one = send("POST", "/api/alarms/acknowledge", R"({"ids":[1]})");

  EXPECT_EQ(both.status, 200);
  EXPECT_THAT(both.body, HasSubstr(R"("alarms":[{"id":2,)"));
  EXPECT_THAT(both.body, HasSubstr(R"("refused":[{"id":1,"error":"conflict","message":"alarm 1)"));
  EXPECT_EQ(one.status, 409);
}

TEST_F(AlarmApiTest, a_refusal_of_the_collector_is_told_with_its_reason) {
  const OrderTaker collector(server_.directory(), [](const LiveOrder& order) {
    const bool known = order.ids.front() == 1;
    LiveAnswer answer;
    answer.error = known ? Error{Errc::conflict, "it was acknowledged by li"}
                         : Error{Errc::not_found, "no alarm 9"};
    return answer;
  });

  const Answer again = send("POST", "/api/alarms/1/acknowledge", "{}");

  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.text("message"), "it was acknowledged by li");
  EXPECT_EQ(send("POST", "/api/alarms/9/acknowledge", "{}").status, 404);
}

TEST_F(AlarmApiTest, with_the_collector_down_an_order_is_503_with_why_and_the_next_step) {
  const Answer answer = send("POST", "/api/alarms/1/acknowledge", "{}");

  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.text("error"), "collector_unavailable");
  EXPECT_THAT(answer.text("message"), AllOf(HasSubstr("is it running?"), HasSubstr("wattline")));
}

TEST_F(AlarmApiTest, an_order_that_makes_no_sense_never_reaches_the_collector) {
  ObedientCollector collector(server_.directory());

  EXPECT_EQ(send("POST", "/api/alarms/1/shelve", "{}").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/1/shelve", R"({"minutes":0})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/1/shelve", R"({"minutes":1441})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/1/shelve", R"({"minutes":"30"})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/1/acknowledge", R"({"not":"x"})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/acknowledge", R"({"ids":[]})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/acknowledge", R"({"ids":["1"]})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/acknowledge", R"({"ids":[0]})").status, 400);
  // The first number that not every reader of JSON keeps: no line to the collector can carry it.
  EXPECT_EQ(send("POST", "/api/alarms/acknowledge", R"({"ids":[9007199254740992]})").status, 400);
  EXPECT_EQ(send("POST", "/api/alarms/9007199254740992/acknowledge", "{}").status, 404);
  EXPECT_EQ(
      send("POST", "/api/alarms/1/acknowledge", R"({"note":")" + std::string(501, 'x') + R"("})")
          .status,
      400);
  EXPECT_EQ(collector.orders(), 0);
}

TEST_F(AlarmApiTest, a_new_threshold_is_used_by_the_collector_before_it_is_answered) {
  ObedientCollector collector(server_.directory());

  const Answer added = add_threshold();

  EXPECT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(added.header("ETag"), "\"1-1\"");
  EXPECT_THAT(added.body, AllOf(HasSubstr(R"("updated_by":"admin")"), HasSubstr(R"("unit":"kW")"),
                                HasSubstr(R"("applied":true)")));
  EXPECT_EQ(collector.last().kind, LiveOrder::Kind::rules_changed);
  EXPECT_EQ(collector.last().by, "admin");
  EXPECT_THAT(get("/api/thresholds").body, HasSubstr(R"("total":1)"));
  EXPECT_EQ(get("/api/thresholds/1").header("ETag"), "\"1-1\"");
  EXPECT_EQ(get("/api/thresholds/2").status, 404);
}

TEST_F(AlarmApiTest, with_the_collector_down_a_threshold_is_kept_and_the_answer_warns) {
  const Answer added = add_threshold();

  EXPECT_EQ(added.status, 201);
  EXPECT_THAT(added.body, HasSubstr(R"("applied":false,"warning":"saved, but)"));
  EXPECT_THAT(get("/api/thresholds").body, HasSubstr(R"("total":1)"));
}

TEST_F(AlarmApiTest, a_threshold_that_the_plant_cannot_have_is_refused_with_field_and_reason) {
  const auto message = [this](const std::string& body) {
    const Answer answer = send("POST", "/api/thresholds", body);
    return std::to_string(answer.status) + " " + answer.text("message");
  };
  const std::string of_power = R"({"device_id":"conveyor","parameter_name":"power_kw",)";

  EXPECT_THAT(message(of_power + R"("threshold_value":-1})"), StartsWith("400 "));
  EXPECT_THAT(message(of_power + R"("threshold_value":101})"), HasSubstr("outside the range"));
  EXPECT_THAT(message(of_power + R"("threshold_value":"3"})"),
              HasSubstr("threshold_value: should be a number"));
  EXPECT_THAT(message(of_power + R"("alarm_level":"red","threshold_value":3})"),
              HasSubstr("alarm_level: should be warning"));
  EXPECT_THAT(message(of_power + R"("kind":"low","threshold_value":3})"), HasSubstr("kind: "));
  EXPECT_THAT(message(of_power + R"("kind":"rate","direction":"low","threshold_value":3})"),
              HasSubstr("direction: "));
  EXPECT_THAT(message(of_power + R"("treshold":3,"threshold_value":3})"), HasSubstr("treshold"));
  EXPECT_THAT(message(of_power + R"("hysteresis":-1,"threshold_value":3})"),
              HasSubstr("hysteresis"));
  EXPECT_THAT(message(R"({"device_id":"robot","parameter_name":"x","threshold_value":3})"),
              HasSubstr("no device 'robot'"));
  EXPECT_THAT(message(R"({"parameter_name":"x","threshold_value":3})"),
              HasSubstr("device_id: is missing"));
  EXPECT_THAT(message("[1]"), StartsWith("400 "));
}

TEST_F(AlarmApiTest, a_threshold_is_changed_in_part_and_only_by_who_saw_it_as_it_is) {
  ObedientCollector collector(server_.directory());
  add_threshold();

  const Answer changed =
      send("PUT", "/api/thresholds/1", R"({"threshold_value":3.5})", "If-Match: \"1-1\"\r\n");
  const Answer late =
      send("PUT", "/api/thresholds/1", R"({"threshold_value":2})", "If-Match: \"1-1\"\r\n");
  const Answer careless = send("PUT", "/api/thresholds/1", R"({"enabled":false})");

  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.header("ETag"), "\"1-2\"");
  EXPECT_THAT(changed.body, AllOf(HasSubstr(R"("threshold_value":3.5)"),
                                  HasSubstr(R"("alarm_level":"warning")")));
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.text("error"), "changed_meanwhile");
  EXPECT_EQ(careless.status, 200);
  EXPECT_EQ(send("PUT", "/api/thresholds/1", R"({"threshold_value":200})").status, 400);
  EXPECT_EQ(send("PUT", "/api/thresholds/9", "{}").status, 404);
}

TEST_F(AlarmApiTest, an_answer_that_is_sent_back_as_it_came_changes_nothing_but_the_version) {
  add_threshold();
  const std::string body = get("/api/thresholds/1").body;
  const auto begin = body.find("{\"id\"");

  const Answer changed =
      send("PUT", "/api/thresholds/1", body.substr(begin, body.size() - begin - 1));

  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.header("ETag"), "\"1-2\"");
}

TEST_F(AlarmApiTest, two_thresholds_of_one_level_are_a_conflict) {
  add_threshold();

  const Answer second = add_threshold();

  EXPECT_EQ(second.status, 409);
  EXPECT_THAT(second.text("message"), HasSubstr("threshold 1"));
}

TEST_F(AlarmApiTest, a_threshold_is_removed_by_who_saw_it_as_it_is) {
  ObedientCollector collector(server_.directory());
  add_threshold();

  EXPECT_EQ(send("DELETE", "/api/thresholds/1", "", "If-Match: \"1-9\"\r\n").status, 412);
  EXPECT_EQ(send("DELETE", "/api/thresholds/1", "", "If-Match: \"1-1\"\r\n").status, 200);
  EXPECT_EQ(send("DELETE", "/api/thresholds/1", "").status, 404);
  EXPECT_EQ(collector.orders(), 2) << "one for the new threshold, one for its end";
}

TEST_F(AlarmApiTest, a_preview_counts_how_often_a_limit_was_passed) {
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 2;
  const Timestamp start = RunningServer::start_time() - 10min;
  const auto power = [&](Milliseconds after, double kw) {
    batch.samples.push_back({PointId{0}, kw, quality::good, start + after});
  };
  power(0s, 1), power(70s, 5), power(100s, 1), power(310s, 6), power(400s, 1), power(540s, 1);
  batch.intervals = {{start, start + 600s, true, ""}};
  server_.store(batch);
  const std::string body =
      R"({"device_id":"conveyor","parameter_name":"power_kw","threshold_value":4,"days":1})";

  const Answer answer = send("POST", "/api/thresholds/preview", body);

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("firings":2,)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("extreme":6})"));
  EXPECT_THAT(answer.text("counted"), HasSubstr("at most so often"));
  EXPECT_EQ(send("POST", "/api/thresholds/preview", R"({"days":1})").status, 400);
}

struct Right {
  const char* method;
  const char* path;
  int as_operator;  ///< Status for a signed-in user who is no admin.
};

class AlarmRights : public ::testing::TestWithParam<Right> {};

TEST_P(AlarmRights, are_those_of_the_route_table) {
  const Right& right = GetParam();
  RunningServer server;
  server.store(some_alarms());
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  const std::string target = fmt::format("{} {}", right.method, right.path);
  const bool writes = std::string(right.method) != "GET";

  EXPECT_EQ(request(server.port(), target, user.json, "{}").status, 401) << "without a session";
  EXPECT_EQ(request(server.port(), target, user.all(), "{}").status, right.as_operator);
  EXPECT_EQ(request(server.port(), target, user.cookie + user.json, "{}").status,
            writes ? 403 : right.as_operator)
      << "without the CSRF token";
  EXPECT_EQ(
      request(server.port(), target, user.all() + "Origin: http://evil.example\r\n", "{}").status,
      writes ? 403 : right.as_operator)
      << "from a foreign origin";
}

INSTANTIATE_TEST_SUITE_P(
    routes, AlarmRights,
    ::testing::Values(Right{"GET", "/api/alarms", 200}, Right{"GET", "/api/alarms/1", 200},
                      Right{"POST", "/api/alarms/1/acknowledge", 503},
                      Right{"POST", "/api/alarms/acknowledge", 400},
                      Right{"POST", "/api/alarms/1/shelve", 400},
                      Right{"POST", "/api/alarms/1/unshelve", 503},
                      Right{"GET", "/api/thresholds", 200}, Right{"GET", "/api/thresholds/1", 404},
                      Right{"POST", "/api/thresholds", 403}, Right{"PUT", "/api/thresholds/1", 403},
                      Right{"DELETE", "/api/thresholds/1", 403},
                      Right{"POST", "/api/thresholds/preview", 400}));

}  // namespace
}  // namespace wl::web
