// The real server, over real sockets, with real stores.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/testing/running_server.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::HasSubstr;
using ::testing::Not;

Answer post(const RunningServer& server, const std::string& path, const std::string& head,
            const std::string& body = "{}") {
  return request(server.port(), "POST " + path, head, body);
}

Answer get(const RunningServer& server, const std::string& path, const std::string& head = "") {
  return request(server.port(), "GET " + path, head);
}

TEST(SignIn, with_the_right_password_gives_a_cookie_that_scripts_cannot_read) {
  const RunningServer server;

  const Answer answer = login(server.port(), "admin", "admin123");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Set-Cookie"), HasSubstr("; Path=/; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(answer.body, HasSubstr(R"("role":"admin","default_password":true)"));
  EXPECT_EQ(answer.text("redirect"), "/");
}

TEST(SignIn, is_remembered_by_check_until_sign_out) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(get(server, "/auth/check", client.cookie).status, 200);
  EXPECT_EQ(post(server, "/auth/logout", client.all()).status, 200);
  EXPECT_EQ(get(server, "/auth/check", client.cookie).status, 401);
}

TEST(SignIn, with_a_wrong_password_or_name_is_told_the_same) {
  const RunningServer server;

  const Answer wrong = login(server.port(), "admin", "guess");
  const Answer unknown = login(server.port(), "nobody", "guess");

  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(wrong.header("Content-Type"), "application/problem+json; charset=utf-8");
  EXPECT_THAT(wrong.body, HasSubstr(R"("success":false,"error":"invalid_credentials")"));
}

TEST(SignIn, without_name_or_password_or_json_is_a_bad_request) {
  const RunningServer server;

  EXPECT_EQ(login(server.port(), "", "x").status, 400);
  EXPECT_EQ(login(server.port(), "admin", "").status, 400);
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(post(server, "/auth/login", json, "[1,2").status, 400);
  EXPECT_EQ(post(server, "/auth/login", json, R"({"username":1,"password":{}})").status, 400);
  EXPECT_EQ(post(server, "/auth/login", "Content-Type: text/plain\r\n").status, 415);
}

TEST(SignIn, by_sql_in_the_name_is_just_a_wrong_name) {
  const RunningServer server;

  EXPECT_EQ(login(server.port(), "admin' OR '1'='1' --", "x").status, 401);
}

TEST(SignIn, after_three_wrong_passwords_even_the_right_one_is_locked) {
  RunningServer server;
  login(server.port(), "admin", "a");
  login(server.port(), "admin", "b");
  login(server.port(), "admin", "c");

  const Answer locked = login(server.port(), "admin", "admin123");
  server.set_now(RunningServer::start_time() + 10min);

  EXPECT_EQ(locked.status, 403);
  EXPECT_EQ(locked.header("Retry-After"), "600");
  EXPECT_EQ(login(server.port(), "admin", "admin123").status, 200);
}

TEST(SignIn, from_a_page_of_another_site_is_refused) {
  const RunningServer server;

  const Answer answer = post(server, "/auth/login",
                             "Content-Type: application/json\r\nOrigin: http://evil.example\r\n",
                             R"({"username":"admin","password":"admin123"})");

  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.header("Set-Cookie"), "");
}

TEST(SignIn, anew_ends_the_session_before) {
  const RunningServer server;
  const SignedInClient first = sign_in(server.port());

  post(server, "/auth/login", first.cookie + first.json,
       R"({"username":"admin","password":"admin123"})");

  EXPECT_EQ(get(server, "/auth/check", first.cookie).status, 401);
}

TEST(SignIn, without_a_database_says_503_and_counts_no_failure) {
  const RunningServer server{{.with_database = false}};

  EXPECT_EQ(login(server.port(), "admin", "x").status, 503);
  EXPECT_EQ(login(server.port(), "admin", "x").status, 503);
  EXPECT_EQ(login(server.port(), "admin", "x").status, 503);
  EXPECT_EQ(login(server.port(), "admin", "x").status, 503);
}

TEST(Session, ends_when_idle) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());

  server.set_now(RunningServer::start_time() + 30min);

  EXPECT_EQ(get(server, "/auth/check", client.cookie).status, 401);
}

TEST(Session, is_needed_for_the_api) {
  const RunningServer server;

  EXPECT_EQ(get(server, "/api/devices").status, 401);
  EXPECT_EQ(get(server, "/api/devices/conveyor/current").status, 401);
  EXPECT_EQ(get(server, "/api/devices/conveyor/history").status, 401);
  EXPECT_EQ(get(server, "/auth/check", "Cookie: wattline_session=forged\r\n").status, 401);
}

TEST(Write, without_the_csrf_token_is_refused) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(post(server, "/auth/logout", client.cookie + client.json).status, 403);
  EXPECT_EQ(get(server, "/auth/check", client.cookie).status, 200);
}

TEST(Write, from_a_foreign_origin_is_refused_even_with_the_token) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(post(server, "/auth/logout", client.all() + "Origin: http://evil\r\n").status, 403);
  EXPECT_EQ(post(server, "/auth/logout", client.all() + "Sec-Fetch-Site: cross-site\r\n").status,
            403);
}

TEST(Password, when_changed_signs_the_other_sessions_out) {
  const RunningServer server;
  const SignedInClient here = sign_in(server.port());
  const SignedInClient elsewhere = sign_in(server.port());

  const Answer answer = post(server, "/auth/password", here.all(),
                             R"({"current_password":"admin123","new_password":"a better one"})");

  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(get(server, "/auth/check", elsewhere.cookie).status, 401);
  EXPECT_THAT(get(server, "/auth/check", here.cookie).body,
              HasSubstr(R"("default_password":false)"));
  EXPECT_EQ(login(server.port(), "admin", "admin123").status, 401);
  EXPECT_EQ(login(server.port(), "admin", "a better one").status, 200);
}

TEST(Password, that_is_weak_or_whose_old_one_is_wrong_is_not_changed) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(post(server, "/auth/password", client.all(),
                 R"({"current_password":"admin123","new_password":"short"})")
                .status,
            400);
  EXPECT_EQ(post(server, "/auth/password", client.all(),
                 R"({"current_password":"guess","new_password":"a better one"})")
                .status,
            401);
}

TEST(Password, length_that_is_asked_for_is_told_by_check) {
  const RunningServer server{{.password_min_length = 12}};
  const SignedInClient client = sign_in(server.port());

  EXPECT_THAT(get(server, "/auth/check", client.cookie).body,
              HasSubstr(R"("password_min_length":12)"));
}

TEST(DefaultPassword, on_an_open_address_allows_nothing_but_changing_it) {
  const RunningServer server{{.default_password_blocks = true}};
  const SignedInClient client = sign_in(server.port());

  const Answer refused = get(server, "/api/devices", client.cookie);
  post(server, "/auth/password", client.all(),
       R"({"current_password":"admin123","new_password":"a better one"})");

  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.text("error"), "password_change_required");
  EXPECT_EQ(get(server, "/api/devices", client.cookie).status, 200);
}

TEST(Routes, that_do_not_exist_are_404_problems_and_wrong_methods_405) {
  const RunningServer server;

  EXPECT_EQ(get(server, "/api/nothing").status, 404);
  EXPECT_EQ(get(server, "/api").status, 404);
  const Answer wrong = post(server, "/api/devices", "Content-Type: application/json\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("Allow"), "GET, HEAD");
}

TEST(Problems, speak_the_language_of_the_reader) {
  const RunningServer server;

  EXPECT_EQ(get(server, "/api/devices").text("message"), "请先登录");
  EXPECT_EQ(get(server, "/api/devices", "Accept-Language: en-GB,en\r\n").text("message"),
            "sign in first");
}

TEST(Headers, keep_foreign_scripts_and_frames_out) {
  const RunningServer server;

  const Answer answer = get(server, "/");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("script-src 'self'"));
  EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
}

TEST(Traversal, in_any_encoding_reaches_no_file) {
  const RunningServer server;

  EXPECT_EQ(get(server, "/../../../../etc/passwd").status, 400);
  EXPECT_EQ(get(server, "/%2e%2e/%2e%2e/etc/passwd").status, 400);
  EXPECT_EQ(get(server, "/..%2f..%2fwattline.db").status, 400);
  EXPECT_EQ(get(server, "/..%5cwattline.db").status, 400);
  EXPECT_EQ(get(server, "/%252e%252e/wattline.db").status, 404);
  EXPECT_EQ(get(server, "/wattline.db").status, 404);
}

TEST(Paths, that_are_not_utf8_are_refused_with_valid_json) {
  const RunningServer server;

  const Answer answer = get(server, "/api/devices/%F0%9F/current");

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, Not(HasSubstr("\xF0")));
  EXPECT_EQ(get(server, "/api/devices/%c0%ae%c0%ae/current").status, 400);
  EXPECT_EQ(get(server, "/api/devices/\xff/current").status, 400);
  EXPECT_EQ(get(server, "/api/%ed%a0%80").status, 400);
  EXPECT_EQ(get(server, "/api/%e4%bc%a0%F0%9F%98%80").status, 404);
}

TEST(Protocol, head_sends_the_length_and_no_body) {
  const RunningServer server;
  Connection connection(server.port());

  connection.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer head = connection.receive("HEAD");

  EXPECT_NE(head.header("Content-Length"), "0");
  EXPECT_EQ(connection.receive().text("status"), "ok");
}

TEST(Protocol, what_is_too_large_or_malformed_is_refused) {
  const RunningServer server;

  EXPECT_EQ(get(server, "/healthz", "X: " + std::string(9000, 'a') + "\r\n").status, 431);
  EXPECT_EQ(request(server.port(), "POST /auth/login", "Content-Length: 2000000\r\n").status, 413);
  EXPECT_EQ(request(server.port(), "GET /\x01").status, 400);
  EXPECT_EQ(request(server.port(), "GET http://other/").status, 400);
}

TEST(Devices, are_listed_in_both_languages) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  const Answer answer = get(server, "/api/devices", client.cookie);

  EXPECT_EQ(answer.text("name"), "上料传送带");
  EXPECT_THAT(answer.body, HasSubstr(R"("names":{"zh-CN":"上料传送带","en":"Infeed conveyor"})"));
  EXPECT_THAT(answer.body, HasSubstr(R"("total":1)"));
}

TEST(Devices, come_with_the_time_zone_of_the_plant) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(get(server, "/api/devices", client.cookie).text("time_zone"), "Asia/Shanghai");
}

TEST(Devices, that_do_not_exist_are_not_found) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(get(server, "/api/devices/robot/current", client.cookie).status, 404);
  EXPECT_EQ(get(server, "/api/devices/robot/history", client.cookie).status, 404);
}

/// One minute before the start: two samples, a gap of 10 s, alive again.
storage::Batch one_minute(Timestamp start) {
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  batch.samples = {
      {PointId{0}, double(2.93f), quality::good, start},
      {PointId{1}, 10.5, quality::good, start},
      {PointId{2}, 1, quality::good, start},
      {PointId{0}, 3.1, quality::bad, start + 50s},
  };
  batch.intervals = {{start, start + 20s, true, ""},
                     {start + 20s, start + 30s, false, "gateway gone"},
                     {start + 30s, start + 60s, true, ""}};
  return batch;
}

TEST(History, holds_steady_values_and_reports_the_gap) {
  RunningServer server;
  server.store(one_minute(RunningServer::start_time() - 60s));
  const SignedInClient client = sign_in(server.port());

  const Answer answer = get(server, "/api/devices/conveyor/history?page_size=2", client.cookie);

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body,
              HasSubstr(R"({"timestamp":"2026-01-01T11:59:01.000Z","device_id":"conveyor",)"
                        R"("power_kw":2.93,"energy_kwh":10.5,"status":"running",)"
                        R"("quality":"good"})"));
  EXPECT_THAT(answer.body,
              HasSubstr(R"("gaps":[{"from":"2026-01-01T11:59:20.000Z",)"
                        R"("to":"2026-01-01T11:59:30.000Z","cause":"gateway gone"}])"));
  EXPECT_THAT(answer.body, HasSubstr(R"({"page":1,"page_size":2,"total":50,"total_pages":25})"));
}

TEST(History, shows_a_bad_value_as_null) {
  RunningServer server;
  server.store(one_minute(RunningServer::start_time() - 60s));
  const SignedInClient client = sign_in(server.port());

  const Answer answer = get(server,
                            "/api/devices/conveyor/history?start_time=2026-01-01T11:59:55Z"
                            "&end_time=2026-01-01T11:59:56Z",
                            client.cookie);

  EXPECT_THAT(answer.body, HasSubstr(R"("power_kw":null,"energy_kwh":10.5)"));
  EXPECT_THAT(answer.body, HasSubstr(R"("total":1,)"));
}

TEST(History, refuses_what_it_does_not_understand) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  const std::string path = "/api/devices/conveyor/history?";

  EXPECT_EQ(get(server, path + "page_size=1001", client.cookie).status, 400);
  EXPECT_EQ(get(server, path + "page=0", client.cookie).status, 400);
  EXPECT_EQ(get(server, path + "page=-1", client.cookie).status, 400);
  EXPECT_EQ(get(server, path + "start_time=yesterday", client.cookie).status, 400);
  EXPECT_EQ(get(server, path + "start_time=2026-01-02&end_time=2026-01-01", client.cookie).status,
            400);
  EXPECT_EQ(get(server, path + "interval=fortnight", client.cookie).status, 400);
}

TEST(Current, before_the_feed_speaks_comes_from_the_database_as_stale) {
  RunningServer server;
  server.store(one_minute(RunningServer::start_time() - 60s));
  const SignedInClient client = sign_in(server.port());

  const Answer answer = get(server, "/api/devices/conveyor/current", client.cookie);

  EXPECT_THAT(answer.body, HasSubstr(R"("power_kw":null,"energy_kwh":10.5,"status":"offline")"));
  EXPECT_THAT(answer.body, HasSubstr(R"("stale":true)"));
}

TEST(Ready, says_what_is_missing) {
  const RunningServer server;

  const Answer answer = get(server, "/readyz");

  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.text("message"), HasSubstr("live: "));
  EXPECT_THAT(answer.text("message"), HasSubstr("ui: not built"));
}

}  // namespace
}  // namespace wl::web
