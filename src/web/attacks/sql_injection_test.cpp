// Every text that reaches SQL, as an attacker writes it: it is a value that nobody has, no more.
#include <array>
#include <vector>

#include "storage/account_store.hpp"
#include "storage/alarm_store.hpp"
#include "storage/testing/alarm_samples.hpp"
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

constexpr const char* harmless = "no_such_thing";

/// The parameter that an attack takes the place of `{}` in.
constexpr std::array places{"/api/alarms?device_id={}",
                            "/api/alarms?alarm_level={}",
                            "/api/alarms?state={}",
                            "/api/alarms?acknowledged={}",
                            "/api/alarms?start_time={}",
                            "/api/alarms?end_time={}",
                            "/api/alarms?page={}",
                            "/api/alarms?page_size={}",
                            "/api/alarms?format={}",
                            "/api/alarms/{}",
                            "/api/thresholds?device_id={}",
                            "/api/thresholds/{}",
                            "/api/devices/{}/current",
                            "/api/devices/{}/history",
                            "/api/devices/conveyor/history?start_time={}",
                            "/api/devices/conveyor/history?interval={}",
                            "/api/devices/conveyor/history?interval=hour&points={}",
                            "/api/energy/summary?device_id={}",
                            "/api/energy/summary?aggregate={}",
                            "/api/energy/summary?interval={}",
                            "/api/oee?dimension={}",
                            "/api/oee/downtime?cause={}"};

class SqlInjection : public ::testing::TestWithParam<const char*> {
 protected:
  SqlInjection() {
    storage::Batch batch;
    batch.source = "test";
    batch.seq = 1;
    batch.alarms = {storage::alarm_row(1), storage::ended_alarm(2)};
    batch.alarm_journal = {storage::journal_row(2, 1, "raise")};
    server_.store(batch);
    send("POST /api/thresholds", threshold("device_id", "conveyor"));
  }

  Answer send(const std::string& call, const std::string& body = "", const std::string& head = "") {
    return request(server_.port(), call, admin_.all() + head, body);
  }

  /// A threshold with one member replaced.
  static std::string threshold(const std::string& member, const std::string& value) {
    const auto of = [&](const std::string& name, const std::string& otherwise) {
      return fmt::format(R"("{}":"{}")", name, json_text(name == member ? value : otherwise));
    };
    return fmt::format(R"({{{},{},{},{},{},{},"threshold_value":3}})", of("device_id", "conveyor"),
                       of("parameter_name", "power_kw"), of("kind", "limit"),
                       of("direction", "high"), of("alarm_level", "warning"),
                       of("setpoint_parameter", ""));
  }

  /// All that the tables hold, but the sessions.
  std::string tables() const {
    const storage::DatabaseOptions database{
        .sqlite_path = (server_.directory() / "wattline.db").string(),
        .time_zone = server_.plant().time_zone};
    std::string all;
    const auto accounts = storage::open_account_store(database).value();
    const auto users = accounts->users().value();
    for (const auto& user : users) {
      all += fmt::format("{} {} {} {} {}\n", user.id, user.username, user.password_hash,
                         int(user.role), user.failed_login_attempts);
    }
    const auto alarms = storage::open_alarm_store(database).value();
    const auto thresholds = alarms->thresholds().value();
    for (const auto& row : thresholds) {
      all += fmt::format("{} {} {} {} {}\n", row.id, row.device_id, row.threshold_value,
                         row.updated_by, row.version);
    }
    const auto page = alarms->alarms({}).value();
    for (const auto& row : page.alarms)
      all += fmt::format("{} {} {}\n", row.id, row.state, row.note);
    return all;
  }

  /// Places of a path or query where the attack is answered otherwise than a harmless word.
  std::vector<std::string> places_that_notice() {
    std::vector<std::string> noticed;
    for (const std::string place : places) {
      const std::string hostile = fmt::format(fmt::runtime(place), percent(GetParam()));
      const std::string plain = fmt::format(fmt::runtime(place), harmless);
      if (told(send("GET " + hostile)) != told(send("GET " + plain))) noticed.push_back(place);
    }
    return noticed;
  }

  /// Members of a body, likewise.
  std::vector<std::string> members_that_notice(const std::string& call) {
    std::vector<std::string> noticed;
    for (const std::string member :
         {"device_id", "parameter_name", "kind", "direction", "alarm_level"}) {
      const std::string hostile = threshold(member, std::string(GetParam()).substr(0, 20));
      if (told(send(call, hostile)) != told(send(call, threshold(member, harmless))))
        noticed.push_back(member);
    }
    return noticed;
  }

  RunningServer server_;
  SignedInClient admin_ = sign_in(server_.port());
};

TEST_P(SqlInjection, in_a_path_or_parameter_is_answered_like_any_unknown_value) {
  const std::string before = tables();

  EXPECT_THAT(places_that_notice(), ::testing::IsEmpty());
  EXPECT_EQ(tables(), before);
}

TEST_P(SqlInjection, in_a_member_of_a_body_is_answered_like_any_unknown_value) {
  const std::string before = tables();

  EXPECT_THAT(members_that_notice("POST /api/thresholds/preview"), ::testing::IsEmpty());
  EXPECT_THAT(members_that_notice("PUT /api/thresholds/1"), ::testing::IsEmpty());
  EXPECT_EQ(tables(), before);
}

TEST_P(SqlInjection, at_sign_in_is_a_wrong_name_or_password) {
  const std::string before = tables();
  const std::string attack = json_text(GetParam());

  const Answer unknown = login(server_.port(), harmless, "x");
  const Answer by_name = login(server_.port(), attack, "x");
  const Answer by_comment = login(server_.port(), "admin" + attack, "x");

  EXPECT_EQ(by_name.status, 401);
  EXPECT_EQ(by_name.body, unknown.body);
  EXPECT_EQ(by_comment.body, unknown.body);
  EXPECT_EQ(by_name.header("Set-Cookie"), "");
  EXPECT_EQ(tables(), before);
}

TEST_P(SqlInjection, in_a_header_or_cookie_finds_no_session_and_no_version) {
  const std::string before = tables();
  const std::string cookie = "Cookie: wattline_session=" + std::string(GetParam()) + "\r\n";

  EXPECT_EQ(request(server_.port(), "GET /auth/check", cookie).status, 401);
  EXPECT_EQ(
      send("DELETE /api/thresholds/1", "", fmt::format("If-Match: {}\r\n", GetParam())).status,
      412);
  EXPECT_EQ(tables(), before);
}

INSTANTIATE_TEST_SUITE_P(
    corpus, SqlInjection,
    ::testing::Values("' OR '1'='1", "' OR 1=1 --", "\" OR \"\"=\"", "1; DROP TABLE users; --",
                      "'; UPDATE users SET role='admin'; --",
                      "1 UNION SELECT password_hash FROM users", "') OR ('a'='a", "' OR 1=1 #",
                      "1 OR SLEEP(5)", "%' OR '%'='", "admin'#", "0x61646d696e", "`users`", "?1"));

}  // namespace
}  // namespace wl::web::attacks
