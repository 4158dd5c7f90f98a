// What every answer says and what none says, whatever was asked.
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

struct Kind {
  const char* name;
  std::string target;  ///< Method and target.
  std::string head;
  std::string body;
  int status;
  bool signed_in;
  const char* cache;
};

void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

class EveryAnswer : public ::testing::TestWithParam<Kind> {};

TEST_P(EveryAnswer, carries_the_headers_that_protect_and_no_version) {
  const Kind& kind = GetParam();
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  const std::string head = (kind.signed_in ? client.all() : "") + kind.head;

  const Answer answer = request(server.port(), kind.target, head, kind.body);

  EXPECT_EQ(answer.status, kind.status) << answer.body;
  EXPECT_THAT(answer.header("Content-Security-Policy"),
              AllOf(HasSubstr("default-src 'self'"), HasSubstr("object-src 'none'"),
                    HasSubstr("base-uri 'self'"), HasSubstr("frame-ancestors 'none'"),
                    HasSubstr("form-action 'self'"), Not(HasSubstr("unsafe"))));
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.header("X-Frame-Options"), "DENY");
  EXPECT_EQ(answer.header("Referrer-Policy"), "same-origin");
  EXPECT_EQ(answer.header("Cross-Origin-Opener-Policy"), "same-origin");
  EXPECT_THAT(answer.header("Permissions-Policy"), HasSubstr("camera=()"));
  EXPECT_EQ(answer.header("Cache-Control"), kind.cache);
  EXPECT_THAT(answer.header("Server"), ::testing::AnyOf("", "wattline"));
  EXPECT_EQ(answer.header("X-Powered-By"), "");
}

const std::string json_head = "Content-Type: application/json\r\n";

INSTANTIATE_TEST_SUITE_P(
    kinds, EveryAnswer,
    ::testing::Values(
        Kind{"page", "GET /", "", "", 200, false, "no-cache"},
        Kind{"view of the page", "GET /history", "", "", 200, false, "no-cache"},
        Kind{"head of the page", "HEAD /", "", "", 200, false, "no-cache"},
        Kind{"missing file", "GET /x.js", "", "", 404, false, "no-store"},
        Kind{"write to a file", "POST /x.js", json_head, "{}", 405, false, "no-store"},
        Kind{"health", "GET /healthz", "", "", 200, false, "no-store"},
        Kind{"not ready", "GET /readyz", "", "", 503, false, "no-store"},
        Kind{"anonymous", "GET /api/devices", "", "", 401, false, "no-store"},
        Kind{"JSON", "GET /api/devices", "", "", 200, true, "no-store"},
        Kind{"zipped JSON", "GET /api/devices", "Accept-Encoding: gzip\r\n", "", 200, true,
             "no-store"},
        Kind{"head of JSON", "HEAD /api/devices", "", "", 200, true, "no-store"},
        Kind{"CSV of alarms", "GET /api/alarms?format=csv", "", "", 200, true, "no-store"},
        Kind{"CSV of history", "GET /api/devices/conveyor/history?format=csv", "", "", 200, true,
             "no-store"},
        Kind{"no such call", "GET /api/nothing", "", "", 404, true, "no-store"},
        Kind{"other method", "PATCH /api/devices", "", "", 405, true, "no-store"},
        Kind{"options", "OPTIONS /api/devices", "", "", 405, false, "no-store"},
        Kind{"trace", "TRACE /healthz", "X-Secret: 1\r\n", "", 405, false, "no-store"},
        Kind{"bad parameter", "GET /api/alarms?page=0", "", "", 400, true, "no-store"},
        Kind{"bad path", "GET /%zz", "", "", 400, false, "no-store"},
        Kind{"no socket", "GET /ws/live", "", "", 404, true, "no-store"},
        Kind{"wrong password", "POST /auth/login", json_head,
             R"({"username":"admin","password":"x"})", 401, false, "no-store"},
        Kind{"right password", "POST /auth/login", json_head,
             R"({"username":"admin","password":"admin123"})", 200, false, "no-store"},
        Kind{"form", "POST /auth/login", "", "a=b", 415, false, "no-store"},
        Kind{"foreign origin", "POST /auth/logout", "Origin: http://evil.example\r\n", "{}", 403,
             true, "no-store"},
        Kind{"too large a body", "POST /auth/login", "Content-Length: 99999999\r\n", "", 413, false,
             "no-store"},
        Kind{"too large a head", "GET /healthz", "X: " + std::string(9000, 'a') + "\r\n", "", 431,
             false, "no-store"},
        Kind{"no collector", "POST /api/alarms/1/acknowledge", "", "{}", 503, true, "no-store"}));

TEST(Answer, that_nothing_changed_carries_them_too) {
  const RunningServer server;
  const std::string etag = request(server.port(), "GET /").header("ETag");

  const Answer answer = request(server.port(), "GET /", "If-None-Match: " + etag + "\r\n");

  EXPECT_EQ(answer.status, 304);
  EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("default-src 'self'"));
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
}

TEST(Trace, does_not_send_the_request_back) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());

  const Answer answer = request(server.port(), "TRACE /api/devices", client.cookie);

  EXPECT_EQ(answer.status, 405);
  EXPECT_THAT(answer.body, Not(HasSubstr("wattline_session")));
}

TEST(Head, of_a_call_says_the_length_and_nothing_of_the_body) {
  const RunningServer server;
  const SignedInClient client = sign_in(server.port());
  Connection connection(server.port());
  const std::string get = "/api/devices HTTP/1.1\r\nHost: a\r\n" + client.cookie + "\r\n";

  connection.send("HEAD " + get + "GET " + get);
  const Answer head = connection.receive("HEAD");
  const Answer body = connection.receive();

  EXPECT_EQ(head.header("Content-Length"), std::to_string(body.body.size()));
  EXPECT_EQ(body.status, 200);
}

}  // namespace
}  // namespace wl::web::attacks
