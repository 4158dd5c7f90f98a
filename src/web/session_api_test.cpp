// Sessions over real sockets: where somebody is signed in, and what other processes do to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/api/session_directory.hpp"
#include "web/testing/account_client.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::HasSubstr;
using ::testing::Not;

class Sessions : public ::testing::Test {
 protected:
  SignedInClient operator_client() {
    return sign_in(client.server.port(), "operator", "operator1");
  }
  AccountClient client;
};

TEST_F(Sessions, are_shown_to_their_owner_and_all_to_an_administrator) {
  const SignedInClient user = operator_client();

  const Answer mine = client.get("/api/sessions", user.cookie);
  const Answer all = client.get("/api/sessions?all=true");

  EXPECT_EQ(number_in(mine.body, "total"), 1);
  EXPECT_THAT(mine.body, HasSubstr(R"("username":"operator")"));
  EXPECT_THAT(mine.body, HasSubstr(R"("current":true)"));
  EXPECT_EQ(number_in(all.body, "total"), 2);
  EXPECT_EQ(number_in(client.get("/api/sessions?user=operator").body, "total"), 1);
  EXPECT_EQ(client.get("/api/sessions?user=nobody").status, 404);
  EXPECT_EQ(client.get("/api/sessions?all=true", user.cookie).status, 403);
  EXPECT_EQ(client.get("/api/sessions?user=admin", user.cookie).status, 403);
}

TEST_F(Sessions, are_named_by_what_nobody_can_sign_in_with) {
  const Answer mine = client.get("/api/sessions");
  const std::string token = client.admin.cookie.substr(client.admin.cookie.find('=') + 1, 64);

  EXPECT_EQ(mine.text("id").size(), 16u);
  EXPECT_THAT(mine.body, Not(HasSubstr(token)));
  EXPECT_THAT(mine.body, Not(HasSubstr(session_key(token))));
  EXPECT_EQ(
      client.get("/auth/check", "Cookie: wattline_session=" + session_key(token) + "\r\n").status,
      401);
}

TEST_F(Sessions, that_are_ended_lose_their_live_view) {
  const SignedInClient user = operator_client();
  Connection live(client.server.port());
  ASSERT_EQ(open_live(live, client.server.port(), user.cookie + own_origin(client.server.port())),
            101);
  live.receive_frame();
  const std::string id = client.get("/api/sessions", user.cookie).text("id");

  EXPECT_EQ(client.send("DELETE", "/api/sessions/" + id).status, 200);

  EXPECT_EQ(live.receive_frame(), "");
  EXPECT_EQ(client.get("/auth/check", user.cookie).status, 401);
  EXPECT_EQ(client.send("DELETE", "/api/sessions/" + id).status, 404);
}

TEST_F(Sessions, of_others_are_not_there_for_a_user) {
  const SignedInClient user = operator_client();
  const std::string admins = client.get("/api/sessions").text("id");

  EXPECT_EQ(client.send("DELETE", "/api/sessions/" + admins, "", user.all()).status, 404);
  EXPECT_EQ(client.get("/auth/check").status, 200);
}

TEST_F(Sessions, ended_by_another_process_end_here_within_ten_seconds) {
  const SignedInClient user = operator_client();
  const std::string token = user.cookie.substr(user.cookie.find('=') + 1, 64);
  client.get("/api/sessions?all=true");  // Now it is stored.
  ASSERT_TRUE(client.server.accounts()->remove_session(session_key(token)));
  EXPECT_EQ(client.get("/auth/check", user.cookie).status, 200);

  client.pass(6s);

  EXPECT_TRUE(client.comes_to(401, "/auth/check", user.cookie));
  EXPECT_EQ(client.get("/auth/check").status, 200);
}

TEST_F(Sessions, whose_user_got_another_role_by_another_process_end_with_their_live_view) {
  const SignedInClient user = operator_client();
  Connection live(client.server.port());
  open_live(live, client.server.port(), user.cookie + own_origin(client.server.port()));
  live.receive_frame();
  client.get("/api/sessions?all=true");

  ASSERT_TRUE(client.server.accounts()->change_user(
      {.id = client.user_id("operator"), .role = storage::Role::admin}));
  client.pass(6s);

  EXPECT_EQ(live.receive_frame(), "");
  EXPECT_EQ(client.get("/auth/check", user.cookie).status, 401);
}

TEST_F(Sessions, opened_by_another_process_are_known_here) {
  const std::string token(64, 'a');
  storage::Session session;
  session.token_sha256 = session_key(token);
  session.user_id = client.user_id("operator");
  session.created_at = client.now;
  session.last_seen = client.now;
  ASSERT_TRUE(client.server.accounts()->add_session(session));

  EXPECT_EQ(client.get("/auth/check", "Cookie: wattline_session=" + token + "\r\n").status, 200);
}

TEST_F(Sessions, take_another_token_at_each_sign_in_and_never_one_that_was_brought_along) {
  const std::string planted = "Cookie: wattline_session=" + std::string(64, 'b') + "\r\n";

  const Answer answer =
      request(client.server.port(), "POST /auth/login", planted + AccountClient::json(),
              R"({"username":"operator","password":"operator1"})");

  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Set-Cookie"), Not(HasSubstr(std::string(64, 'b'))));
  EXPECT_EQ(client.get("/auth/check", planted).status, 401);
  EXPECT_NE(operator_client().cookie, operator_client().cookie);
}

TEST_F(Sessions, are_all_ended_by_a_new_password_also_those_only_the_database_knows) {
  const std::string token(64, 'a');
  const std::int64_t id = client.user_id("admin");
  ASSERT_TRUE(client.server.accounts()->add_session(
      {session_key(token), id, client.now, client.now, "10.0.0.9"}));

  client.send("POST", "/auth/password",
              R"({"current_password":"admin123","new_password":"a better one"})");

  EXPECT_EQ(client.get("/auth/check", "Cookie: wattline_session=" + token + "\r\n").status, 401);
  EXPECT_EQ(client.get("/auth/check").status, 200);
}

TEST_F(Sessions, a_lock_counted_by_another_process_holds_here_and_ends_with_its_unlock) {
  const auto elsewhere = client.server.accounts();
  const std::int64_t id = client.user_id("operator");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        elsewhere->record_failed_login({id, "127.0.0.1", client.now, 3, Milliseconds{600'000}}));
  }
  const Answer locked = login(client.server.port(), "operator", "operator1");
  EXPECT_EQ(locked.status, 403);
  EXPECT_EQ(locked.header("Retry-After"), "600");

  ASSERT_TRUE(elsewhere->unlock(id, client.now + 1s));
  client.pass(6s);

  const auto end = std::chrono::steady_clock::now() + 10s;
  int status = 0;
  while (status != 200 && std::chrono::steady_clock::now() < end)
    status = login(client.server.port(), "operator", "operator1").status;
  EXPECT_EQ(status, 200);
}

TEST_F(Sessions, a_lock_of_another_address_does_not_hold_here) {
  const auto elsewhere = client.server.accounts();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(elsewhere->record_failed_login(
        {client.user_id("operator"), "10.9.9.9", client.now, 3, Milliseconds{600'000}}));
  }

  EXPECT_EQ(login(client.server.port(), "operator", "operator1").status, 200);
}

TEST(SessionCookie, under_tls_is_bound_to_this_host_and_to_tls) {
  Request request;
  request.headers = {{"cookie", "wattline_session=plain; __Host-wattline_session=safe"}};

  EXPECT_EQ(session_token(request), "plain");
  request.secure = true;
  EXPECT_EQ(session_token(request), "safe");
  EXPECT_EQ(session_cookie_header("t", true),
            "__Host-wattline_session=t; Path=/; HttpOnly; SameSite=Strict; Secure");
  EXPECT_EQ(session_cookie_header("t", false),
            "wattline_session=t; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_EQ(expired_cookie_header(true),
            "__Host-wattline_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
  request.headers = {{"cookie", "wattline_session=plain"}};
  EXPECT_EQ(session_token(request), std::nullopt);
}

}  // namespace
}  // namespace wl::web
