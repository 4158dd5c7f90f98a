// API tokens over real sockets: what they open, what not, and when they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/token_store.hpp"
#include "web/api/token_directory.hpp"
#include "web/auth/digest.hpp"
#include "web/testing/account_client.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* read = R"("read")";

class Tokens : public ::testing::Test {
 protected:
  Answer with(const std::string& token, const std::string& path) {
    return client.get(path, AccountClient::bearer(token));
  }
  Answer make(const std::string& body) { return client.send("POST", "/api/tokens", body); }

  AccountClient client;
};

TEST_F(Tokens, are_shown_once_and_stored_as_a_hash_only) {
  const Answer made = make(R"({"name":"reports","scopes":["read","alarms"],"expires_in_days":30})");
  const std::string secret = made.text("secret");

  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(secret, StartsWith("wl_"));
  EXPECT_EQ(secret.size(), 67u);
  EXPECT_THAT(made.body, HasSubstr(R"("scopes":["read","alarms"])"));
  EXPECT_THAT(made.body, HasSubstr(R"("expires_at":"2026-01-31T12:00:00.000Z")"));
  const Answer list = client.get("/api/tokens");
  EXPECT_THAT(list.body, HasSubstr(R"("name":"reports")"));
  EXPECT_THAT(list.body, Not(HasSubstr(secret)));
  EXPECT_THAT(list.body, Not(HasSubstr(sha256_hex(secret))));
  EXPECT_TRUE(client.server.accounts()->tokens().find(sha256_hex(secret)).value());
}

TEST_F(Tokens, open_what_their_scope_names_without_cookie_and_csrf_token) {
  const std::string reader = client.token(read);
  const std::string acknowledger = client.token(R"("alarms")");
  const std::string head = AccountClient::bearer(acknowledger) + AccountClient::json();

  EXPECT_EQ(with(reader, "/api/devices").status, 200);
  const Answer missing = with(acknowledger, "/api/devices");
  EXPECT_EQ(missing.status, 403);
  EXPECT_EQ(missing.text("error"), "scope_missing");
  EXPECT_THAT(missing.text("message"), HasSubstr("read"));
  // The collector is not there, but the call was let in.
  EXPECT_EQ(client.send("POST", "/api/alarms/1/acknowledge", "{}", head).status, 503);
  EXPECT_EQ(client
                .send("POST", "/api/alarms/1/acknowledge", "{}",
                      AccountClient::bearer(reader) + AccountClient::json())
                .text("error"),
            "scope_missing");
}

TEST_F(Tokens, never_open_accounts_sessions_or_tokens) {
  const std::string all = client.token(R"("read","alarms","thresholds","commands","maintenance")");

  for (const char* path : {"/auth/check", "/api/users", "/api/sessions", "/api/tokens"}) {
    const Answer refused = with(all, path);
    EXPECT_EQ(refused.status, 403) << path;
    EXPECT_EQ(refused.text("error"), "session_needed") << path;
  }
  EXPECT_EQ(client
                .send("POST", "/api/tokens", R"({"name":"more","scopes":["read"]})",
                      AccountClient::bearer(all) + AccountClient::json())
                .text("error"),
            "session_needed");
  EXPECT_EQ(with(all, "/api/audit").status, 200);
}

TEST_F(Tokens, give_no_more_than_the_role_of_their_owner_as_it_is_now) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  const std::string token =
      client.send("POST", "/api/tokens", R"({"name":"n","scopes":["maintenance"]})", user.all())
          .text("secret");
  const std::string path = fmt::format("/api/users/{}", client.user_id("operator"));

  EXPECT_EQ(with(token, "/api/audit").text("error"), "admin_only");
  client.send("PUT", path, R"({"role":"admin"})");
  EXPECT_EQ(with(token, "/api/audit").status, 200);
  client.send("PUT", path, R"({"role":"user"})");
  EXPECT_EQ(with(token, "/api/audit").text("error"), "admin_only");
}

TEST_F(Tokens, that_are_wrong_are_refused_and_slow_their_address_down) {
  const std::string good = client.token(read);
  with(good, "/api/devices");
  const Answer wrong = with("wl_" + std::string(64, '0'), "/api/devices");

  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.text("error"), "invalid_token");
  EXPECT_THAT(wrong.header("WWW-Authenticate"), HasSubstr("invalid_token"));
  EXPECT_EQ(with("nonsense", "/api/devices").status, 401);
  EXPECT_EQ(with("", "/api/devices").status, 401);
  for (int i = 0; i < 17; ++i) with(fmt::format("wl_{:064x}", i), "/api/devices");
  const Answer throttled = with("wl_" + std::string(64, '1'), "/api/devices");
  EXPECT_EQ(throttled.status, 429);
  EXPECT_NE(throttled.header("Retry-After"), "");
  EXPECT_EQ(with(good, "/api/devices").status, 200);
  EXPECT_EQ(login(client.server.port(), "operator", "operator1").status, 200);
}

TEST_F(Tokens, beside_a_cookie_count_alone) {
  const Answer answer = client.get(
      "/api/devices", client.admin.cookie + AccountClient::bearer("wl_" + std::string(64, '0')));

  EXPECT_EQ(answer.status, 401);
}

TEST_F(Tokens, end_at_their_time) {
  const std::string token = client.token(read, R"(,"expires_in_days":1)");
  EXPECT_EQ(with(token, "/api/devices").status, 200);

  client.server.set_now(client.now + 24h);

  EXPECT_EQ(with(token, "/api/devices").status, 401);
}

TEST_F(Tokens, end_when_they_are_revoked_and_take_their_live_view_along) {
  const Answer made = make(R"({"name":"n","scopes":["read"]})");
  const std::string token = made.text("secret");
  Connection live(client.server.port());
  ASSERT_EQ(open_live(live, client.server.port(), AccountClient::bearer(token)), 101);
  live.receive_frame();
  const std::string path = fmt::format("/api/tokens/{}", number_in(made.body, "id"));

  EXPECT_EQ(client.send("DELETE", path).status, 200);

  EXPECT_EQ(live.receive_frame(), "");
  EXPECT_EQ(with(token, "/api/devices").status, 401);
  EXPECT_EQ(client.send("DELETE", path).status, 404);
}

TEST_F(Tokens, revoked_by_another_process_end_here_within_ten_seconds) {
  const Answer made = make(R"({"name":"n","scopes":["read"]})");
  const std::string token = made.text("secret");
  EXPECT_EQ(with(token, "/api/devices").status, 200);
  ASSERT_TRUE(client.server.accounts()->tokens().revoke(number_in(made.body, "id"), client.now));
  EXPECT_EQ(with(token, "/api/devices").status, 200);

  client.pass(6s);

  EXPECT_TRUE(client.comes_to(401, "/api/devices", AccountClient::bearer(token)));
}

TEST_F(Tokens, open_the_live_view_without_origin_but_not_from_a_foreign_page) {
  const std::string token = client.token(read);
  const std::string other = client.token(R"("alarms")");
  Connection script(client.server.port());
  Connection page(client.server.port());
  Connection without_scope(client.server.port());
  Connection wrong(client.server.port());

  EXPECT_EQ(open_live(script, client.server.port(), AccountClient::bearer(token)), 101);
  EXPECT_THAT(script.receive_frame(), HasSubstr("snapshot"));
  EXPECT_EQ(open_live(page, client.server.port(),
                      AccountClient::bearer(token) + "Origin: http://evil\r\n"),
            403);
  EXPECT_EQ(open_live(without_scope, client.server.port(), AccountClient::bearer(other)), 403);
  EXPECT_EQ(open_live(wrong, client.server.port(), AccountClient::bearer("wl_x")), 401);
}

TEST_F(Tokens, of_others_are_seen_and_revoked_by_administrators_only) {
  const SignedInClient user = sign_in(client.server.port(), "operator", "operator1");
  const Answer admins = make(R"({"name":"n","scopes":["read"]})");
  const Answer mine =
      client.send("POST", "/api/tokens", R"({"name":"n","scopes":["read"]})", user.all());
  const std::string path = fmt::format("/api/tokens/{}", number_in(admins.body, "id"));

  EXPECT_EQ(mine.status, 201);
  EXPECT_EQ(number_in(client.get("/api/tokens", user.cookie).body, "total"), 1);
  EXPECT_EQ(client.get("/api/tokens?all=true", user.cookie).status, 403);
  EXPECT_EQ(number_in(client.get("/api/tokens?all=true").body, "total"), 2);
  EXPECT_EQ(number_in(client.get("/api/tokens?user=operator").body, "total"), 1);
  EXPECT_EQ(client.send("DELETE", path, "", user.all()).status, 404);
  EXPECT_EQ(client.send("DELETE", fmt::format("/api/tokens/{}", number_in(mine.body, "id"))).status,
            200);
}

TEST_F(Tokens, with_a_mistake_in_their_order_are_not_made) {
  EXPECT_EQ(make(R"({"scopes":["read"]})").status, 400);
  EXPECT_EQ(make(R"({"name":"","scopes":["read"]})").status, 400);
  EXPECT_EQ(make(R"({"name":"n"})").status, 400);
  EXPECT_EQ(make(R"({"name":"n","scopes":[]})").status, 400);
  EXPECT_THAT(make(R"({"name":"n","scopes":["root"]})").text("message"),
              HasSubstr("read, alarms, thresholds, commands, maintenance"));
  EXPECT_EQ(make(R"({"name":"n","scopes":["none"]})").status, 400);
  EXPECT_EQ(make(R"({"name":"n","scopes":["read"],"expires_in_days":0})").status, 400);
  EXPECT_EQ(make(R"({"name":"n","scopes":["read"],"expires_in_days":366})").status, 400);
  EXPECT_THAT(make(R"({"name":"n","scopes":["read"],"user_id":1})").text("message"),
              HasSubstr("user_id"));
  EXPECT_EQ(make(R"({"name":"n","scopes":["read"],"token_sha256":"aa"})").status, 400);
}

TEST_F(Tokens, are_twenty_a_user_at_most_and_named_once) {
  EXPECT_EQ(make(R"({"name":"script 1","scopes":["read"]})").status, 201);
  EXPECT_EQ(make(R"({"name":"script 1","scopes":["read"]})").text("error"), "name_taken");
  for (int i = 2; i <= 20; ++i) make(fmt::format(R"({{"name":"script {}","scopes":["read"]}})", i));

  EXPECT_EQ(make(R"({"name":"one more","scopes":["read"]})").text("error"), "too_many_tokens");
  EXPECT_EQ(number_in(client.get("/api/tokens").body, "total"), 20);
}

TEST_F(Tokens, that_were_used_say_when) {
  const std::string token = client.token(read);
  with(token, "/api/devices");
  EXPECT_THAT(client.get("/api/tokens").body, HasSubstr(R"("last_used":null)"));

  client.pass(31s);

  EXPECT_THAT(client.get("/api/tokens").body,
              HasSubstr(R"("last_used":"2026-01-01T12:00:00.000Z")"));
}

TEST(TokensOfTheDefaultPassword, open_nothing_on_an_open_address) {
  AccountClient client({.default_password_blocks = true});
  client.send("POST", "/auth/password",
              R"({"current_password":"admin123","new_password":"a better one"})");
  const std::string token = client.token(read);
  EXPECT_EQ(client.get("/api/devices", AccountClient::bearer(token)).status, 200);

  // Somebody puts a hash of the default password back into the table.
  RunningServer other({.default_password_blocks = true});
  const std::string default_hash = other.accounts()->find_user("admin").value()->password_hash;
  ASSERT_TRUE(client.server.accounts()->change_user(
      {.id = client.user_id("admin"), .password_hash = default_hash}));
  client.pass(6s);

  EXPECT_TRUE(client.comes_to(403, "/api/devices", AccountClient::bearer(token)));
  EXPECT_EQ(client.get("/api/devices", AccountClient::bearer(token)).text("error"),
            "password_change_required");
}

TEST(BearerToken, is_read_from_the_header_whatever_its_case) {
  const auto of = [](const std::string& value) {
    Request request;
    request.headers = {{"authorization", value}};
    return bearer_token(request);
  };

  EXPECT_EQ(of("Bearer wl_1"), "wl_1");
  EXPECT_EQ(of("bearer   wl_1 "), "wl_1");
  EXPECT_EQ(of("Bearer"), "");
  EXPECT_EQ(of("Basic YTpi"), std::nullopt);
  EXPECT_EQ(bearer_token(Request{}), std::nullopt);
}

}  // namespace
}  // namespace wl::web
