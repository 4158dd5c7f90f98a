// Weaknesses for which energy management systems and PLC gateways were given CVE numbers
// (notes of the project: "Peer CVEs to test for"), one test for each class.
#include <unistd.h>

#include <vector>

#include "storage/account_store.hpp"
#include "storage/testing/alarm_samples.hpp"
#include "web/attacks/attack_tools.hpp"
#include "web/auth/digest.hpp"
#include "web/auth/secret_key.hpp"
#include "web/auth/session_table.hpp"

namespace wl::web::attacks {
namespace {

std::filesystem::path fresh_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "wl-key-XXXXXX").string();
  return ::mkdtemp(name.data());
}

TEST(PeerCve, hard_coded_key_every_installation_makes_its_own) {
  const auto first = fresh_directory();
  const auto second = fresh_directory();

  const std::string one = load_secret_key("", first).value();
  const std::string other = load_secret_key("", second).value();

  EXPECT_GE(one.size(), 32u);
  EXPECT_NE(one, other);
  EXPECT_EQ(load_secret_key("", first).value(), one) << "it is kept";
  std::filesystem::remove_all(first);
  std::filesystem::remove_all(second);
}

/// {"alg":"HS256"}.{"sub":"admin","role":"admin"}, signed with a key that everybody knows.
std::string forged_jwt(const std::string& key) {
  const std::string content = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9";
  return content + "." + hmac_sha256_hex(key, content);
}

class HardCodedKey : public ::testing::TestWithParam<const char*> {
 protected:
  void expect_worthless(const std::string& token) {
    const std::string cookie = "Cookie: wattline_session=" + token + "\r\n";
    const std::string bearer = "Authorization: Bearer " + token + "\r\n";
    EXPECT_EQ(request(server_.port(), "GET /api/devices", cookie).status, 401) << token;
    EXPECT_EQ(request(server_.port(), "GET /api/devices", bearer).status, 401) << token;
  }

  RunningServer server_;
};

TEST_P(HardCodedKey, a_token_signed_with_a_known_key_opens_nothing) {
  const std::string signed_word = hmac_sha256_hex(GetParam(), "admin");

  expect_worthless(forged_jwt(GetParam()));
  expect_worthless(signed_word);
  expect_worthless("wl_" + signed_word);
}

TEST_P(HardCodedKey, a_csrf_token_made_with_a_known_key_does_not_fit) {
  const SignedInClient client = sign_in(server_.port());
  const auto begin = client.cookie.find('=') + 1;
  const std::string token = client.cookie.substr(begin, client.cookie.find('\r') - begin);
  const std::string forged = csrf_token(GetParam(), sha256_hex(token));

  EXPECT_EQ(request(server_.port(), "POST /auth/logout",
                    client.cookie + client.json + "X-CSRF-Token: " + forged + "\r\n", "{}")
                .status,
            403);
}

INSTANTIATE_TEST_SUITE_P(keys, HardCodedKey,
                         ::testing::Values("", "secret", "wattline", "changeme", "your-secret-key",
                                           "dev", "secret_key", "MyEMS", "123456"));

/// `/api/alarms/{id}` with something in the place of each {…}.
std::string filled(std::string pattern) {
  for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{'))
    pattern.replace(at, pattern.find('}') - at + 1, "1");
  return pattern;
}

/// Routes that let somebody in who should not be: without a session unless they are for anyone, or
/// as a user where an administrator is needed.
std::vector<std::string> open_doors(const RunningServer& server) {
  // As a proxy on this machine passes a stranger on: what is open to the machine itself is not
  // then.
  const std::string elsewhere = "X-Forwarded-For: 203.0.113.9\r\n";
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  std::vector<std::string> open;
  for (const Route& route : server.router().routes()) {
    const std::string target = route.method + " " + filled(route.pattern);
    const std::string body = route.method == "GET" ? "" : "{}";
    const int anonymous = request(server.port(), target, elsewhere + user.json, body).status;
    if (route.access != Access::anyone && anonymous != 401) open.push_back("anonymous " + target);
    if (route.access != Access::admin) continue;
    if (request(server.port(), target, user.all(), body).status != 403)
      open.push_back("user " + target);
  }
  return open;
}

std::vector<std::string> open_to_anyone(const Router& router) {
  std::vector<std::string> open;
  for (const Route& route : router.routes())
    if (route.access == Access::anyone) open.push_back(route.method + " " + route.pattern);
  return open;
}

TEST(PeerCve, one_endpoint_without_a_role_check_there_is_none) {
  const RunningServer server;

  EXPECT_THAT(open_doors(server), ::testing::IsEmpty());
}

/// A new route that is open to anyone has to be written down here, with a reason to be.
TEST(PeerCve, endpoints_without_sign_in_are_these_and_no_others) {
  const RunningServer server;
  const std::vector<std::string> known{"GET /healthz",          "GET /readyz",
                                       "GET /metrics",          "POST /auth/login",
                                       "GET /api/openapi.json", "GET /api/docs"};

  EXPECT_THAT(open_to_anyone(server.router()), ::testing::Each(::testing::AnyOfArray(known)));
}

TEST(PeerCve, sql_injection_at_sign_in_is_a_wrong_password) {
  const RunningServer server;

  EXPECT_EQ(login(server.port(), "admin' --", "x").status, 401);
  EXPECT_EQ(login(server.port(), "' OR 1=1 --", "' OR 1=1 --").status, 401);
  EXPECT_EQ(login(server.port(), "admin", "' OR '1'='1").status, 401);
}

TEST(PeerCve, path_traversal_reaches_no_file) {
  const RunningServer server;

  const Answer answer = request(server.port(), "GET /..%2f..%2fwattline.db");

  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, Not(HasSubstr("SQLite")));
}

class ListOfUsers : public ::testing::TestWithParam<const char*> {};

TEST_P(ListOfUsers, is_shown_to_nobody_who_is_not_signed_in) {
  const RunningServer server;

  const Answer answer = request(server.port(), fmt::format("GET {}", GetParam()));

  EXPECT_THAT(answer.body, Not(HasSubstr("operator")));
  EXPECT_THAT(answer.body, Not(HasSubstr("$2b$")));
}

INSTANTIATE_TEST_SUITE_P(PeerCve, ListOfUsers,
                         ::testing::Values("/api/users", "/api/users/", "/api/users/1", "/api/user",
                                           "/api/sessions", "/api/tokens", "/api/audit", "/users",
                                           "/auth/users", "/api/users?role=admin"));

storage::DatabaseOptions database_of(const RunningServer& server) {
  return {.sqlite_path = (server.directory() / "wattline.db").string(),
          .time_zone = server.plant().time_zone};
}

storage::Role role_of(const RunningServer& server, const std::string& name) {
  const auto accounts = storage::open_account_store(database_of(server)).value();
  return accounts->find_user(name).value().value().role;
}

TEST(PeerCve, mass_assigned_role_no_call_of_a_user_makes_an_admin_of_him) {
  const RunningServer server;
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  const std::string role = R"("role":"admin","is_admin":true,"user_id":1,"username":"admin")";

  request(server.port(), "POST /auth/password", user.all(),
          R"({"current_password":"operator1","new_password":"Tr4ube!uff",)" + role + "}");
  const Answer check =
      request(server.port(), "GET /auth/check?role=admin", user.cookie + "X-Role: admin\r\n");
  const Answer again = request(
      server.port(), "POST /auth/login", user.json,
      R"({"password":"Tr4ube!uff","role":"admin","user":{"role":"admin"},"username":"operator"})");

  EXPECT_EQ(role_of(server, "operator"), storage::Role::user);
  EXPECT_THAT(check.body, Not(HasSubstr(R"("role":"admin")")));
  EXPECT_THAT(again.body, Not(HasSubstr(R"("role":"admin")")));
}

TEST(PeerCve, mass_assigned_members_of_a_threshold_are_the_servers_to_set) {
  const RunningServer server;
  const SignedInClient admin = sign_in(server.port());

  const Answer added =
      request(server.port(), "POST /api/thresholds", admin.all(),
              R"({"device_id":"conveyor","parameter_name":"power_kw","threshold_value":3,"id":77,)"
              R"("updated_by":"somebody else","version":99,"updated_at":"1999-01-01T00:00:00Z"})");

  EXPECT_EQ(added.status, 201) << added.body;
  EXPECT_THAT(added.body, AllOf(HasSubstr(R"("id":1,)"), HasSubstr(R"("updated_by":"admin")"),
                                HasSubstr(R"("version":1)"), Not(HasSubstr("1999"))));
}

TEST(PeerCve, stored_xss_in_a_comment_is_never_markup) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  storage::Batch batch;
  batch.source = "test";
  batch.seq = 1;
  batch.alarms = {storage::ended_alarm(1)};
  batch.alarms[0].note = "<script>alert(1)</script>";
  server.store(batch);

  const Answer json = request(server.port(), "GET /api/alarms", client.cookie);
  const Answer csv = request(server.port(), "GET /api/alarms?format=csv", client.cookie);
  const Answer echoed = request(server.port(), "GET /api/%3Cscript%3Ealert(1)%3C/script%3E");

  EXPECT_EQ(json.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_THAT(csv.header("Content-Type"), HasSubstr("text/csv"));
  EXPECT_THAT(csv.header("Content-Disposition"), HasSubstr("attachment"));
  EXPECT_EQ(echoed.header("Content-Type"), "application/problem+json; charset=utf-8");
  EXPECT_EQ(echoed.header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(json.header("Content-Security-Policy"), Not(HasSubstr("unsafe-inline")));
}

TEST(PeerCve, format_string_in_what_is_logged_is_text) {
  const RunningServer server;

  EXPECT_EQ(login(server.port(), "%s%s%s%n{}{0}{:>9999999}", "%n").status, 401);
  EXPECT_EQ(request(server.port(), "GET /api/%25s%25n%7B%7D").status, 404);
  EXPECT_TRUE(still_serves(server));
}

TEST(PeerCve, unthrottled_websocket_login_the_socket_has_no_login_at_all) {
  const RunningServer server;
  const std::string handshake = fmt::format(
      "Origin: http://127.0.0.1:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
      server.port());

  EXPECT_EQ(
      request(server.port(), "GET /ws/live?username=admin&password=admin123", handshake).status,
      401);
  EXPECT_EQ(request(server.port(), "GET /ws/live",
                    handshake + "Authorization: Basic YWRtaW46YWRtaW4xMjM=\r\n")
                .status,
            401);
}

}  // namespace
}  // namespace wl::web::attacks
