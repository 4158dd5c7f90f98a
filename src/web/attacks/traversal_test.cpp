// Paths that try to leave the tree, or to be one thing to a proxy and another to us.
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

class Traversal : public ::testing::TestWithParam<const char*> {};

/// The database lies where a path out of the UI's folder would lead.
TEST_P(Traversal, reaches_no_file_and_no_call_of_the_api) {
  const RunningServer server;
  const std::string target = fmt::format("GET {}", GetParam());

  const Answer anonymous = request(server.port(), target);
  const Answer signed_in = request(server.port(), target, sign_in(server.port()).cookie);

  EXPECT_THAT(anonymous.status, ::testing::AnyOf(200, 400, 401, 404, 405)) << anonymous.body;
  EXPECT_THAT(anonymous.body, Not(HasSubstr("SQLite format")));
  EXPECT_THAT(anonymous.body, Not(HasSubstr("root:")));
  EXPECT_THAT(signed_in.body, Not(HasSubstr(R"("devices":[)"))) << signed_in.body;
  EXPECT_TRUE(still_serves(server));
}

INSTANTIATE_TEST_SUITE_P(
    corpus, Traversal,
    ::testing::Values(
        "/../wattline.db", "/../../../../../../etc/passwd", "/assets/../../wattline.db",
        "/%2e%2e/wattline.db", "/%2E%2E/%2E%2E/etc/passwd", "/..%2fwattline.db",
        "/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e%2fwattline.db", "/..%5cwattline.db",
        "/..\\wattline.db", "/%252e%252e/wattline.db", "/%252e%252e%252fwattline.db",
        "/%c0%ae%c0%ae/wattline.db", "/%c0%ae%c0%ae%c0%afwattline.db",
        "/%e0%80%ae%e0%80%ae/wattline.db", "/%uff0e%uff0e/wattline.db",
        "/\xef\xbc\x8e\xef\xbc\x8e/wattline.db", "/....//wattline.db", "/.../wattline.db",
        "/..;/wattline.db", "/;/../wattline.db", "/index.html/../../wattline.db",
        "/index.html%00.js", "//etc/passwd", "///etc/passwd", "/./wattline.db", "/wattline.db",
        "/.env", "/.git/config", "/data/wattline.db", "/C:/Windows/win.ini", "/file:///etc/passwd",
        "/proc/self/environ", "/dev/stdin", "/~root/.bashrc", "file:///etc/passwd",
        "http://127.0.0.1/api/devices", "*", "api/devices", "/api/devices/../devices",
        "/api/%2e%2e/api/devices", "/api//devices", "//api/devices", "/api/devices/",
        "/api/devices;x=1", "/api;x=1/devices", "/api%2fdevices", "/api/devices%2f", "/API/DEVICES",
        "/api/devices%20", "/api/devices%09", "/api/devices%3f", "/api/devices.json",
        "/api/\xc2\xad"
        "alarms/../devices",
        "/static/..%2fapi/devices", "/healthz/../api/devices", "/healthz%2f..%2fapi/devices"));

class FileName : public ::testing::TestWithParam<const char*> {};

TEST_P(FileName, of_a_log_or_backup_is_none_of_the_readers_choice) {
  const RunningServer server;
  const SignedInClient admin = sign_in(server.port());
  const std::string name = percent(GetParam());

  const Answer log = request(server.port(), "GET /api/logs?process=" + name, admin.cookie);
  const Answer backup = request(server.port(), "GET /api/backups/" + name, admin.cookie);

  EXPECT_THAT(log.status, ::testing::AnyOf(400, 404)) << log.body;
  EXPECT_THAT(backup.status, ::testing::AnyOf(400, 404, 405)) << backup.body;
}

INSTANTIATE_TEST_SUITE_P(corpus, FileName,
                         ::testing::Values("../../etc/passwd", "../data/secret.key",
                                           "web/../../.env", "/etc/passwd", "..\\..\\.env",
                                           "web.log", "web\n", "....//....//etc/passwd",
                                           "web;cat /etc/passwd", "*", "$(id)", "`id`", "|id",
                                           "web%00", "."));

TEST(Traversal, with_a_path_of_eight_thousand_steps_is_refused_quickly) {
  const RunningServer server;
  std::string path;
  for (int i = 0; i < 2600; ++i) path += "/..";

  EXPECT_EQ(request(server.port(), "GET " + path).status, 400);
}

TEST(Fragment, that_a_browser_would_never_send_is_refused) {
  const RunningServer server;

  EXPECT_EQ(request(server.port(), "GET /healthz#x").status, 400);
  EXPECT_EQ(request(server.port(), "GET /#/../x").status, 400);
}

}  // namespace
}  // namespace wl::web::attacks
