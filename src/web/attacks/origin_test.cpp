// Who sent it, and to whom: forged names, DNS rebinding, headers that override others.
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

constexpr const char* right_password = R"({"username":"admin","password":"admin123"})";

/// A sign-in as a browser at this address would send it from a page of that origin.
Answer sign_in_from_page(const RunningServer& server, const std::string& host,
                         const std::string& origin) {
  return answer_to(server,
                   fmt::format("POST /auth/login HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\n"
                               "Content-Type: application/json\r\nContent-Length: {}\r\n"
                               "\r\n{}",
                               host, origin, std::string(right_password).size(), right_password));
}

int handshake(const RunningServer& server, const std::string& host, const std::string& origin,
              const std::string& cookie) {
  return answer_to(server, fmt::format("GET /ws/live HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\n"
                                       "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                       "Sec-WebSocket-Version: 13\r\n{}\r\n",
                                       host, origin, cookie))
      .status;
}

TEST(Rebinding, a_foreign_name_that_points_here_cannot_try_passwords) {
  const RunningServer server;

  const Answer answer =
      sign_in_from_page(server, "evil.example.com:5000", "http://evil.example.com:5000");

  EXPECT_EQ(answer.status, 421);
  EXPECT_EQ(answer.header("Set-Cookie"), "");
  EXPECT_THAT(answer.text("message"), HasSubstr("WEB_ALLOWED_HOSTS=evil.example.com "));
}

TEST(Rebinding, a_foreign_name_reads_nothing_and_gets_no_live_values) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  const std::string host = "evil.example.com:5000";

  const Answer devices = answer_to(
      server, fmt::format("GET /api/devices HTTP/1.1\r\nHost: {}\r\n{}\r\n", host, client.cookie));

  EXPECT_EQ(devices.status, 421);
  EXPECT_EQ(handshake(server, host, "http://" + host, client.cookie), 421);
}

TEST(Rebinding, names_that_cannot_be_pointed_here_from_outside_are_at_home) {
  const RunningServer server;

  EXPECT_EQ(sign_in_from_page(server, "ems", "http://ems").status, 200);
  EXPECT_EQ(sign_in_from_page(server, "ems.local:5000", "http://ems.local:5000").status, 200);
  EXPECT_EQ(sign_in_from_page(server, "192.168.1.5", "http://192.168.1.5").status, 200);
  EXPECT_EQ(sign_in_from_page(server, "[fd00::5]:5000", "http://[fd00::5]:5000").status, 200);
}

TEST(Rebinding, a_public_name_is_at_home_when_it_is_configured) {
  const RunningServer server{{.allowed_hosts = "ems.example.com"}};

  EXPECT_EQ(sign_in_from_page(server, "ems.example.com", "https://ems.example.com").status, 200);
  EXPECT_EQ(sign_in_from_page(server, "x.example.com", "https://x.example.com").status, 421);
}

TEST(Rebinding, the_probes_of_a_load_balancer_need_no_name) {
  const RunningServer server;

  EXPECT_EQ(answer_to(server, "GET /healthz HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_EQ(answer_to(server, "GET /readyz HTTP/1.1\r\nHost: lb.example.com\r\n\r\n").status, 503);
  EXPECT_EQ(answer_to(server, "GET /api/devices HTTP/1.1\r\n\r\n").status, 400);
}

class ForeignOrigin : public ::testing::TestWithParam<const char*> {};

TEST_P(ForeignOrigin, is_told_apart_from_the_own_one) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  EXPECT_EQ(sign_in_from_page(server, "10.0.0.1:5000", GetParam()).status, 403);
  EXPECT_EQ(handshake(server, "10.0.0.1:5000", GetParam(), client.cookie), 403);
}

INSTANTIATE_TEST_SUITE_P(
    corpus, ForeignOrigin,
    ::testing::Values("http://evil.example", "null", "http://10.0.0.1:5001", "http://10.0.0.1",
                      "http://10.0.0.1:5000.evil.example", "http://10.0.0.1:5000@evil.example",
                      "http://evil.example/10.0.0.1:5000", "http://evil.example#10.0.0.1:5000",
                      "http://evil.example?10.0.0.1:5000", "http://10.0.0.1:5000/", "file://",
                      "http://010.0.0.1:5000", "http://167772161:5000", "10.0.0.1:5000",
                      "ftp://10.0.0.1:5000", "http://10.0.0.1:5000, http://evil.example",
                      "HTTP://10.0.0.1:5000", "javascript:10.0.0.1:5000",
                      "chrome-extension://10.0.0.1:5000", "http://[::ffff:10.0.0.1]:5000"));

class DoubledHeader : public ::testing::TestWithParam<const char*> {};

TEST_P(DoubledHeader, is_refused_because_others_may_read_the_other_one) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  const Answer answer =
      request(server.port(), "GET /auth/check",
              client.cookie + fmt::format("{0}: 127.0.0.1\r\n{0}: b\r\n", GetParam()));

  EXPECT_EQ(answer.status, 400) << answer.body;
}

INSTANTIATE_TEST_SUITE_P(names, DoubledHeader,
                         ::testing::Values("Host", "Origin", "Authorization", "X-CSRF-Token",
                                           "Content-Type", "Sec-Fetch-Site", "If-Match"));

class Override : public ::testing::TestWithParam<const char*> {};

TEST_P(Override, of_method_path_or_host_is_not_listened_to) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  const std::string head = std::string(GetParam()) + "\r\n";

  const Answer as_post =
      request(server.port(), "POST /api/thresholds/1", client.all() + head, "{}");
  const Answer as_get = request(server.port(), "GET /healthz", client.cookie + head);
  const Answer anonymous = request(server.port(), "GET /api/devices", head);

  EXPECT_EQ(as_post.status, 405);
  EXPECT_EQ(as_get.text("status"), "ok");
  EXPECT_EQ(anonymous.status, 401);
}

INSTANTIATE_TEST_SUITE_P(
    headers, Override,
    ::testing::Values("X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE",
                      "X-Method-Override: DELETE", "X-Original-URL: /api/devices",
                      "X-Rewrite-URL: /api/devices", "X-Forwarded-Host: evil.example",
                      "X-Forwarded-User: admin", "X-Remote-User: admin", "Remote-User: admin",
                      "X-Forwarded-Proto: https", "Forwarded: host=evil.example;for=127.0.0.1",
                      "X-Real-IP: 127.0.0.1", "X-Wattline-User: admin",
                      "Authorization: Basic YWRtaW46YWRtaW4xMjM=", "X-Role: admin"));

TEST(Preflight, gives_no_other_site_any_right) {
  const RunningServer server;

  const Answer answer =
      request(server.port(), "OPTIONS /api/devices",
              "Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n");

  EXPECT_EQ(answer.status, 405);
  EXPECT_THAT(answer.head, Not(HasSubstr("Access-Control-")));
  EXPECT_EQ(request(server.port(), "GET /", "Origin: http://evil.example\r\n")
                .header("Access-Control-Allow-Origin"),
            "");
}

}  // namespace
}  // namespace wl::web::attacks
