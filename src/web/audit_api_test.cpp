// What the audit log holds after things were done over real sockets, and what never.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit_store.hpp"
#include "storage/testing/alarm_samples.hpp"
#include "web/auth/audit_chain.hpp"
#include "web/auth/digest.hpp"
#include "web/testing/account_client.hpp"
#include "web/testing/order_taker.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Audit : public ::testing::Test {
 protected:
  std::vector<storage::AuditRow> rows() {
    client.audit();
    return client.server.accounts()->audit().stretch(0, 1000)->rows;
  }
  /// The newest entry of this action.
  storage::AuditRow last(const std::string& action) {
    storage::AuditRow found;
    for (const storage::AuditRow& row : rows())
      if (row.action == action) found = row;
    return found;
  }

  AccountClient client;
};

TEST_F(Audit, knows_who_signed_in_and_out_from_where) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  client.send("POST", "/auth/logout", "{}", user.all());

  const storage::AuditRow in = last("login.success");
  EXPECT_EQ(in.actor, "operator");
  EXPECT_EQ(in.subject, "user operator");
  EXPECT_EQ(in.remote_address, "127.0.0.1");
  EXPECT_EQ(in.at, RunningServer::start_time());
  EXPECT_EQ(last("logout").actor, "operator");
}

TEST_F(Audit, knows_failed_sign_ins_and_the_lock_but_not_the_name_of_nobody) {
  login(client.server.port(), "my-password-by-mistake", "x");
  for (int i = 0; i < 3; ++i) login(client.server.port(), "operator", "wrong");
  client.pass(61s);

  const std::string log = client.audit();

  EXPECT_THAT(log, HasSubstr(R"("action":"login.failed","subject":"unknown user")"));
  EXPECT_THAT(log, HasSubstr(R"("action":"login.failed","subject":"user operator")"));
  EXPECT_THAT(log, HasSubstr(R"({\"attempts\":2})"));
  EXPECT_THAT(log, HasSubstr(R"("action":"login.locked","subject":"user operator")"));
  EXPECT_THAT(log, Not(HasSubstr("by-mistake")));
}

TEST_F(Audit, knows_what_was_done_to_users) {
  client.send("POST", "/api/users",
              R"({"username":"anna","password":"canary-4711","role":"user"})");
  const std::string path = fmt::format("/api/users/{}", client.user_id("anna"));
  client.send("PUT", path, R"({"role":"admin","password":"canary-4712"})");
  client.send("POST", path + "/unlock", "{}");
  client.send("DELETE", path);

  EXPECT_EQ(last("user.add").after, R"({"role":"user","email":""})");
  EXPECT_EQ(last("user.change").before, R"({"role":"user","email":""})");
  EXPECT_EQ(last("user.change").after, R"({"role":"admin","email":"","password":"changed"})");
  EXPECT_EQ(last("user.unlock").subject, "user anna");
  EXPECT_EQ(last("user.remove").actor, "admin");
}

TEST_F(Audit, knows_passwords_sessions_and_tokens) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  client.send("POST", "/auth/password",
              R"({"current_password":"operator1","new_password":"canary-4713"})", user.all());
  const Answer made = client.send("POST", "/api/tokens", R"({"name":"n","scopes":["read"]})");
  client.send("DELETE", fmt::format("/api/tokens/{}", number_in(made.body, "id")));
  client.send("DELETE", "/api/sessions/" + client.get("/api/sessions", user.cookie).text("id"));

  EXPECT_EQ(last("password.change").subject, "user operator");
  EXPECT_THAT(last("token.add").after, HasSubstr(R"("scopes":"read")"));
  EXPECT_THAT(last("token.revoke").subject, HasSubstr("of user admin"));
  EXPECT_THAT(last("session.end").subject, HasSubstr("of user operator"));
}

TEST_F(Audit, knows_thresholds_before_and_after) {
  const std::string body = R"({"device_id":"conveyor","parameter_name":"power_kw",)"
                           R"("alarm_level":"warning","threshold_value":3})";
  const Answer added = client.send("POST", "/api/thresholds", body);
  ASSERT_EQ(added.status, 201);
  const std::string path = fmt::format("/api/thresholds/{}", number_in(added.body, "id"));
  client.send("PUT", path, R"({"threshold_value":4.5})");
  client.send("DELETE", path);

  EXPECT_EQ(last("threshold.add").before, "");
  EXPECT_THAT(last("threshold.change").before, HasSubstr(R"("threshold_value":3,)"));
  EXPECT_THAT(last("threshold.change").after, HasSubstr(R"("threshold_value":4.5,)"));
  EXPECT_EQ(last("threshold.remove").after, "");
}

TEST_F(Audit, knows_orders_to_alarms_that_were_done_and_those_of_unknown_outcome) {
  client.send("POST", "/api/alarms/7/acknowledge", R"({"note":"seen"})");
  EXPECT_THAT(last("alarm.acknowledge").after, HasSubstr("not known"));
  EXPECT_EQ(last("alarm.acknowledge").subject, "alarm 7");

  const OrderTaker collector(client.server.directory(), [](const LiveOrder& order) {
    LiveAnswer answer;
    if (order.ids.front() == 1) answer.alarms = {storage::alarm_row(1)};
    if (order.ids.front() != 1) answer.error = Error{Errc::conflict, "it is over"};
    return std::optional(answer);
  });
  client.send("POST", "/api/alarms/1/shelve", R"({"minutes":15,"note":"repair"})");
  client.send("POST", "/api/alarms/2/shelve", R"({"minutes":15})");

  EXPECT_EQ(last("alarm.shelve").subject, "alarm 1");
  EXPECT_EQ(last("alarm.shelve").after, R"({"note":"repair","minutes":15})");
}

TEST_F(Audit, names_the_token_by_which_somebody_acted) {
  const std::string token = client.token(R"("thresholds")");
  client.send("POST", "/api/thresholds",
              R"({"device_id":"conveyor","parameter_name":"power_kw",)"
              R"("alarm_level":"warning","threshold_value":3})",
              AccountClient::bearer(token) + AccountClient::json());

  EXPECT_EQ(last("threshold.add").actor, "admin/token:script 1");
}

TEST_F(Audit, holds_no_secret_and_its_chain_is_whole) {
  const std::string token = client.token(R"("read")");
  client.send("POST", "/api/users",
              R"({"username":"anna","password":"canary-4714","role":"user"})");
  client.send("POST", "/auth/password",
              R"({"current_password":"admin123","new_password":"canary-4715"})");
  login(client.server.port(), "canary-4716", "canary-4717");

  std::string all;
  const AuditChain chain(test_secret_key);
  AuditWalk walk(chain, {});
  for (const storage::AuditRow& row : rows()) {
    EXPECT_FALSE(walk.take(row));
    all += row.actor + row.subject + row.before + row.after + row.action;
  }

  EXPECT_FALSE(walk.finish(client.server.accounts()->audit().stretch(0, 1)->head));
  EXPECT_THAT(all, AllOf(Not(HasSubstr("canary")), Not(HasSubstr("admin123")),
                         Not(HasSubstr("$2b$")), Not(HasSubstr("wl_"))));
  EXPECT_THAT(all, Not(HasSubstr(token.substr(3))));
  EXPECT_THAT(all, Not(HasSubstr(sha256_hex(token))));
}

TEST_F(Audit, is_filtered_paged_and_for_administrators_only) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  client.audit();

  EXPECT_EQ(client.get("/api/audit", user.cookie).status, 403);
  EXPECT_EQ(client.get("/api/audit", "Accept: x\r\n").status, 401);
  EXPECT_EQ(number_in(client.get("/api/audit?actor=operator").body, "total"), 1);
  EXPECT_EQ(number_in(client.get("/api/audit?action=login").body, "total"), 2);
  const Answer page = client.get("/api/audit?action=login&page=2&page_size=1");
  EXPECT_THAT(page.body, HasSubstr(R"("actor":"admin")"));
  EXPECT_THAT(page.body, HasSubstr(R"("total_pages":2)"));
  EXPECT_EQ(number_in(client.get("/api/audit?end_time=2026-01-01T00:00:00Z").body, "total"), 0);
  EXPECT_EQ(client.get("/api/audit?page_size=501").status, 400);
  EXPECT_EQ(client.get("/api/audit?start_time=yesterday").status, 400);
}

TEST_F(Audit, as_csv_starts_no_formula) {
  client.send("POST", "/api/tokens", R"({"name":"=cmd|' /C calc'!A0","scopes":["thresholds"]})");
  storage::AuditRow row;
  row.at = RunningServer::start_time();
  row.actor = "=1+1";
  row.subject = "a \"quoted\", text";
  client.audit();
  ASSERT_TRUE(client.server.accounts()->audit().append(std::vector{ready_for_log(row)},
                                                       AuditChain(test_secret_key)));

  const Answer csv = client.get("/api/audit?format=csv");

  EXPECT_THAT(csv.header("Content-Type"), HasSubstr("text/csv"));
  EXPECT_THAT(csv.header("Content-Disposition"), HasSubstr("audit.csv"));
  EXPECT_THAT(csv.body, HasSubstr("2026-01-01T20:00:00.000+08:00,'=1+1,"));
  EXPECT_THAT(csv.body, HasSubstr(R"("a ""quoted"", text")"));
}

TEST_F(Audit, figures_tell_what_was_written) {
  client.audit();

  EXPECT_EQ(client.server.audit_counts().written, rows().size());
  EXPECT_EQ(client.server.audit_counts().lost, 0u);
}

}  // namespace
}  // namespace wl::web
