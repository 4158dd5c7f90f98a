// /api/points, /api/system, /api/logs, /readyz and /metrics over real sockets and real files.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "web/http/local_caller.hpp"
#include "web/testing/living_process.hpp"
#include "web/testing/metrics_parser.hpp"
#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* english = "Accept-Language: en\r\n";

class SystemApiTest : public ::testing::Test {
 protected:
  Answer get(const std::string& path) { return request(server_.port(), "GET " + path, admin()); }
  /// Until `done` holds for the body, 10 s at most: what a thread of the server has to do first.
  template <class Done>
  std::string body_when(const std::string& path, Done done) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    std::string body = get(path).body;
    while (!done(body) && std::chrono::steady_clock::now() < until) body = get(path).body;
    return body;
  }
  std::string admin() {
    if (!admin_) admin_ = sign_in(server_.port());
    return admin_->cookie + english;
  }
  void log(const std::string& file, const std::string& text) {
    const auto folder = server_.directory() / "logs";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / file, std::ios::app) << text;
  }
  void feed(FakeCollector& collector, const std::string& values) {
    collector.accept();
    collector.send_line(fmt::format(
        R"({{"type":"snapshot","ts":"{0}","values":{{{1}}},"link":{{"up":true,"reason":"",)"
        R"("since":"{0}"}},"alarms":[]}})",
        to_iso8601(RunningServer::start_time()), values));
  }

  RunningServer server_;
  std::optional<SignedInClient> admin_;
};

TEST_F(SystemApiTest, each_point_tells_tag_range_value_quality_and_age) {
  FakeCollector collector(server_.directory());
  feed(
      collector,
      R"("conveyor.power_kw":{"v":0.95,"q":"good","t":"2026-01-01T11:59:50.000Z"},)"
      R"("conveyor.status":{"v":1,"q":"uncertain","s":1083179008,"t":"2026-01-01T12:00:00.000Z"})");

  const std::string body = body_when(
      "/api/points", [](const std::string& text) { return text.find("0.95") != text.npos; });

  EXPECT_THAT(body, HasSubstr(R"("point":"conveyor.power_kw","device_id":"conveyor",)"
                              R"("device_name":"Infeed conveyor","name":"power_kw",)"
                              R"("tag":"C.D.G.P","derived":false,"access":"R",)"
                              R"("data_type":"Float","scan_ms":1000,"kind":"measurement",)"
                              R"("unit":"kW","low":0,"high":100,"value":0.95,"word":null,)"
                              R"("quality":"good","status":"Good",)"
                              R"("source_time":"2026-01-01T11:59:50.000Z","age_s":10,)"
                              R"("stale":false})"));
  EXPECT_THAT(body, HasSubstr(R"("value":1,"word":"running","quality":"uncertain",)"
                              R"("status":"UncertainLastUsableValue")"));
  EXPECT_THAT(body, HasSubstr(R"("value":null,"word":null,"quality":"bad",)"
                              R"("status":"BadWaitingForInitialData","source_time":null,)"
                              R"("age_s":null)"));
  EXPECT_THAT(body, HasSubstr(R"("total":3,"stale":false})"));
}

TEST_F(SystemApiTest, points_are_chosen_by_device_and_quality) {
  FakeCollector collector(server_.directory());
  feed(collector, R"("conveyor.power_kw":{"v":0.95,"q":"good","t":"2026-01-01T11:59:50.000Z"})");
  body_when("/api/points", [](const std::string& text) { return text.find("0.95") != text.npos; });

  EXPECT_THAT(get("/api/points?quality=good").body, HasSubstr(R"("total":1,)"));
  EXPECT_THAT(get("/api/points?quality=bad&device_id=conveyor").body, HasSubstr(R"("total":2,)"));
  EXPECT_EQ(get("/api/points?device_id=robot").status, 400);
  EXPECT_EQ(get("/api/points?quality=fine").status, 400);
}

TEST_F(SystemApiTest, without_a_feed_points_come_from_the_database_and_are_stale) {
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  batch.samples = {{PointId{0}, 1.25, quality::good, RunningServer::start_time() - 60s}};
  server_.store(batch);

  const std::string body = get("/api/points").body;

  EXPECT_THAT(body, HasSubstr(R"("value":1.25,"word":null,"quality":"uncertain",)"
                              R"("status":"UncertainLastUsableValue",)"));
  EXPECT_THAT(body, HasSubstr(R"("age_s":60,"stale":true)"));
}

TEST_F(SystemApiTest, the_state_of_the_system_is_that_of_files_and_machine) {
  LivingProcess plc(server_.directory(), "plc");
  plc.tell(RunningServer::start_time(), true, "",
           {{"scan_us_mean", "41.5"}, {"scan_us_max", "120"}, {"overruns", "3"}});

  const Answer answer = get("/api/system");

  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr(R"("state":"running","uptime_s":60,"cpu":)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("plc":{"scan_ms":0.042,"scan_max_ms":0.12,"overruns":3})"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"name":"gateway","pid":null,"state":"not running",)"
                                     R"("uptime_s":null,"cpu":null,"cpu_percent":null,)"
                                     R"("memory_mb":null,"healthy":false,)"
                                     R"("reason":"not running","version":null})"));
  EXPECT_THAT(answer.body, HasSubstr(R"("db":{"type":"sqlite","size_mb":0.)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("pool":null)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("spool":{"rows":null,"age_s":null,"size_mb":null})"));
  EXPECT_THAT(answer.body, HasSubstr(R"("outbox":{"pending":0,"last_error":null)"));
  EXPECT_THAT(answer.body,
              AllOf(HasSubstr(R"("host":{"cpu":{"used_percent":)"),
                    HasSubstr(R"("memory":{"total_mb":)"), HasSubstr(R"("disk":{"total_mb":)")));
}

TEST_F(SystemApiTest, a_figure_of_a_process_that_hangs_is_not_known_any_more) {
  LivingProcess plc(server_.directory(), "plc");
  plc.tell(RunningServer::start_time() - 30s, true, "", {{"scan_us_mean", "41"}});

  const std::string body = get("/api/system").body;

  EXPECT_THAT(body, HasSubstr(R"("reason":"last heartbeat 30 s ago")"));
  EXPECT_THAT(body, HasSubstr(R"("plc":{"scan_ms":null,)"));
}

TEST_F(SystemApiTest, fifty_dashboards_cost_one_reading_and_a_second_later_there_is_a_new_one) {
  LivingProcess plc(server_.directory(), "plc");
  plc.tell(RunningServer::start_time(), true, "", {{"overruns", "3"}});
  get("/api/system");
  plc.tell(RunningServer::start_time(), true, "", {{"overruns", "4"}});

  EXPECT_THAT(get("/api/system").body, HasSubstr(R"("overruns":3)"));
  server_.set_now(RunningServer::start_time() + 1s);
  EXPECT_THAT(get("/api/system").body, HasSubstr(R"("overruns":4)"));
}

TEST_F(SystemApiTest, the_log_of_a_process_is_read_from_its_end_over_rotations) {
  log("plc.1.log", "2026-01-01T11:00:00.000Z info     plc  old\n");
  log("plc.log",
      "2026-01-01T11:59:00.000Z warning  plc  slow scan\n  2 of 10\n"
      "2026-01-01T11:59:01.000Z info     plc  bad byte \xff\n");

  const std::string two = get("/api/logs?process=plc&lines=2").body;
  const std::string all = get("/api/logs?process=plc").body;
  const std::string warnings = get("/api/logs?process=plc&level=warning").body;

  EXPECT_THAT(two, HasSubstr(R"("level":"warning","text":"2026-01-01T11:59:00.000Z warning  plc  )"
                             R"(slow scan\u000a  2 of 10","cut":false)"));
  EXPECT_THAT(two, AllOf(HasSubstr("bad byte \xef\xbf\xbd"), Not(HasSubstr("old"))));
  EXPECT_THAT(all, AllOf(HasSubstr("old"), HasSubstr(R"("total":3})")));
  EXPECT_THAT(warnings, AllOf(HasSubstr("slow scan"), HasSubstr(R"("total":1})")));
  EXPECT_THAT(get("/api/logs?process=gateway").body, HasSubstr(R"("lines":[],"total":0)"));
}

TEST_F(SystemApiTest, no_text_of_a_request_reaches_the_file_system) {
  log("secret.log", "2026-01-01T11:00:00.000Z info     x  canary\n");

  for (const std::string process :
       {"secret", "../logs/plc", "plc/../secret", "%2e%2e%2fplc", "plc%00", "", "PLC", "plc.log"}) {
    const Answer answer = get("/api/logs?process=" + process);
    EXPECT_EQ(answer.status, 400) << process;
    EXPECT_THAT(answer.body, Not(HasSubstr("canary")));
  }
  for (const std::string lines : {"0", "2001", "-1", "x", "1e3"})
    EXPECT_EQ(get("/api/logs?process=plc&lines=" + lines).status, 400) << lines;
  EXPECT_EQ(get("/api/logs?process=plc&level=loud").status, 400);
}

TEST_F(SystemApiTest, readiness_lists_each_part_that_is_missing_for_a_program) {
  const Answer answer = request(server_.port(), "GET /readyz");

  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr(R"("ready":false,"not_ready":[{"part":"live","reason":)"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"part":"ui","reason":"not built"})"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"part":"collector","reason":"not running"}])"));
  EXPECT_THAT(answer.body, Not(HasSubstr(R"("part":"database")")));
}

TEST_F(SystemApiTest, readiness_tells_nobody_why_the_collector_is_not_healthy) {
  LivingProcess collector(server_.directory(), "collector");
  collector.tell(RunningServer::start_time(), false, "database db1.plant.example: refused");

  const Answer answer = request(server_.port(), "GET /readyz");

  EXPECT_THAT(answer.body, HasSubstr("not healthy; GET /api/system says why"));
  EXPECT_THAT(answer.body, Not(HasSubstr("db1")));
}

TEST_F(SystemApiTest, metrics_of_all_processes_are_sound_prometheus_text) {
  LivingProcess plc(server_.directory(), "plc");
  plc.tell(RunningServer::start_time() - 2s, true, "",
           {{"state", "RUN"}, {"scan_us_mean", "41.5"}, {"overruns", "3"}, {"od d", "1"}});
  get("/api/points");

  const Answer answer = request(server_.port(), "GET /metrics");
  const ParsedMetrics metrics = parse_metrics(answer.body);

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.mistakes, IsEmpty()) << answer.body;
  EXPECT_EQ(metrics.samples.at(R"(wattline_up{process="plc"})"), 1);
  EXPECT_EQ(metrics.samples.at(R"(wattline_up{process="collector"})"), 0);
  EXPECT_EQ(metrics.samples.at(R"(wattline_heartbeat_age_seconds{process="plc"})"), 2);
  EXPECT_EQ(metrics.samples.at("wattline_plc_scan_us_mean"), 41.5);
  EXPECT_EQ(metrics.samples.at("wattline_plc_od_d"), 1);
  EXPECT_EQ(metrics.types.at("wattline_plc_overruns"), "counter");
  EXPECT_FALSE(metrics.samples.contains("wattline_plc_state"));
  EXPECT_GE(metrics.samples.at(R"(wattline_web_requests_total{status="2xx"})"), 2);
  EXPECT_GE(metrics.samples.at("wattline_web_request_duration_seconds_count"), 2);
  EXPECT_EQ(metrics.samples.at(R"(wattline_web_desk_waiting{desk="commands"})"), 0);
  EXPECT_GE(metrics.samples.at("wattline_web_connections"), 1);
  EXPECT_EQ(metrics.samples.at("wattline_outbox_pending"), 0);
}

TEST_F(SystemApiTest, metrics_are_for_this_machine_itself_or_for_who_is_signed_in) {
  const auto status = [this](const std::string& head) {
    return request(server_.port(), "GET /metrics", head).status;
  };

  EXPECT_EQ(status(""), 200);
  EXPECT_EQ(status("X-Forwarded-For: 203.0.113.9\r\n"), 401) << "passed on by a proxy";
  EXPECT_EQ(status("Forwarded: for=203.0.113.9\r\n"), 401);
  EXPECT_EQ(status("X-Forwarded-For: 203.0.113.9\r\n" + admin()), 200);
}

TEST(Requests, are_local_from_a_loopback_address_and_without_a_proxy) {
  const auto local = [](const std::string& address, Headers headers) {
    Request request;
    request.remote_address = address;
    request.headers = std::move(headers);
    return is_local(request);
  };

  EXPECT_TRUE(local("127.0.0.1", {}));
  EXPECT_TRUE(local("::1", {}));
  EXPECT_TRUE(local("::ffff:127.0.0.1", {}));
  EXPECT_FALSE(local("192.168.0.5", {}));
  EXPECT_FALSE(local("::ffff:10.0.0.1", {}));
  EXPECT_FALSE(local("", {}));
  EXPECT_FALSE(local("127.0.0.1", {{"via", "1.1 nginx"}}));
}

struct SystemRight {
  const char* method;
  const char* path;
  int as_operator;
};

class SystemRights : public ::testing::TestWithParam<SystemRight> {};

TEST_P(SystemRights, are_those_of_the_route_table) {
  const SystemRight& right = GetParam();
  RunningServer server;
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  const std::string target = fmt::format("{} {}", right.method, right.path);

  EXPECT_EQ(request(server.port(), target, user.json, "").status, 401) << "without a session";
  EXPECT_EQ(request(server.port(), target, user.all(), "").status, right.as_operator);
}

INSTANTIATE_TEST_SUITE_P(
    routes, SystemRights,
    ::testing::Values(SystemRight{"GET", "/api/points", 200},
                      SystemRight{"GET", "/api/system", 200},
                      SystemRight{"GET", "/api/logs?process=plc", 403},
                      SystemRight{"GET", "/api/backups", 403},
                      SystemRight{"POST", "/api/backup", 403},
                      SystemRight{"GET", "/api/devices/conveyor/commands", 200},
                      SystemRight{"POST", "/api/devices/conveyor/commands", 403}));

}  // namespace
}  // namespace wl::web
