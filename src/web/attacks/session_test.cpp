// Sessions that somebody else chose, kept, or guessed.
#include "web/attacks/attack_tools.hpp"

namespace wl::web::attacks {
namespace {

constexpr const char* right_password = R"({"username":"admin","password":"admin123"})";

std::string token_of(const Answer& answer) {
  const std::string cookie = answer.header("Set-Cookie");
  const auto begin = cookie.find('=') + 1;
  return cookie.substr(begin, cookie.find(';') - begin);
}

int check(const RunningServer& server, const std::string& token) {
  return request(server.port(), "GET /auth/check", "Cookie: wattline_session=" + token + "\r\n")
      .status;
}

TEST(Fixation, a_token_that_the_attacker_planted_stays_worthless) {
  const RunningServer server;
  const std::string planted(64, 'a');

  const Answer answer =
      request(server.port(), "POST /auth/login",
              "Content-Type: application/json\r\nCookie: wattline_session=" + planted + "\r\n",
              right_password);

  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(token_of(answer), planted);
  EXPECT_EQ(check(server, planted), 401);
  EXPECT_EQ(check(server, token_of(answer)), 200);
}

TEST(Fixation, a_session_of_the_attacker_does_not_become_that_of_the_victim) {
  const RunningServer server;
  const SignedInClient attacker = sign_in(server.port(), "operator", "operator1");

  const Answer victim =
      request(server.port(), "POST /auth/login", attacker.cookie + attacker.json, right_password);

  EXPECT_EQ(victim.text("role"), "admin");
  EXPECT_EQ(request(server.port(), "GET /auth/check", attacker.cookie).status, 401);
}

TEST(Token, is_long_random_and_new_at_every_sign_in) {
  const RunningServer server;

  const std::string first = token_of(login(server.port(), "admin", "admin123"));
  const std::string second = token_of(login(server.port(), "admin", "admin123"));

  EXPECT_EQ(first.size(), 64u);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(first.substr(0, 8), second.substr(0, 8));
  EXPECT_EQ(check(server, first), 200) << "two sessions stand side by side";
}

class WrongToken : public ::testing::TestWithParam<std::string> {};

TEST_P(WrongToken, opens_nothing) {
  const RunningServer server;
  const std::string token = token_of(login(server.port(), "admin", "admin123"));

  EXPECT_EQ(check(server, GetParam()), 401);
  EXPECT_EQ(check(server, token + GetParam()), 401);
  EXPECT_EQ(check(server, token.substr(0, 63)), 401);
  EXPECT_EQ(check(server, token), 200);
}

INSTANTIATE_TEST_SUITE_P(corpus, WrongToken,
                         ::testing::Values(std::string(64, '0'), std::string(64, 'F'),
                                           std::string(4000, 'a'), "null", "admin", "\"\"", "%00",
                                           "*", "../../etc/passwd",
                                           "eyJhbGciOiJub25lIn0.eyJ1c2VyIjoiYWRtaW4ifQ."));

TEST(Token, in_the_address_or_in_a_foreign_header_opens_nothing) {
  const RunningServer server;
  const std::string token = token_of(login(server.port(), "admin", "admin123"));

  EXPECT_EQ(request(server.port(), "GET /auth/check?wattline_session=" + token).status, 401);
  EXPECT_EQ(request(server.port(), "GET /auth/check", "X-Session: " + token + "\r\n").status, 401);
  EXPECT_EQ(
      request(server.port(), "GET /auth/check", "Authorization: Bearer " + token + "\r\n").status,
      401);
}

TEST(TwoSessions, of_one_user_end_each_for_itself) {
  const RunningServer server;
  const SignedInClient one = sign_in(server.port());
  const SignedInClient other = sign_in(server.port());

  EXPECT_EQ(request(server.port(), "POST /auth/logout", one.all(), "{}").status, 200);

  EXPECT_EQ(request(server.port(), "GET /auth/check", one.cookie).status, 401);
  EXPECT_EQ(request(server.port(), "GET /auth/check", other.cookie).status, 200);
}

TEST(TwoSessions, have_csrf_tokens_that_do_not_fit_each_other) {
  const RunningServer server;
  const SignedInClient one = sign_in(server.port());
  const SignedInClient other = sign_in(server.port());

  EXPECT_EQ(
      request(server.port(), "POST /auth/logout", one.cookie + other.csrf + one.json, "{}").status,
      403);
  EXPECT_EQ(request(server.port(), "POST /auth/logout",
                    one.cookie + "X-CSRF-Token: \r\n" + one.json, "{}")
                .status,
            403);
}

TEST(Cookie, is_kept_from_scripts_and_other_sites_and_is_taken_back_at_sign_out) {
  const RunningServer server;
  const Answer answer = login(server.port(), "admin", "admin123");
  const SignedInClient client = sign_in(server.port());

  const std::string gone =
      request(server.port(), "POST /auth/logout", client.all(), "{}").header("Set-Cookie");

  EXPECT_THAT(answer.header("Set-Cookie"),
              AllOf(HasSubstr("; HttpOnly"), HasSubstr("; SameSite=Strict"), HasSubstr("; Path=/"),
                    Not(HasSubstr("Domain"))));
  EXPECT_THAT(gone, AllOf(HasSubstr("wattline_session=;"), HasSubstr("Max-Age=0")));
  EXPECT_THAT(answer.body, Not(HasSubstr(token_of(answer))));
}

TEST(PasswordChange, kills_the_sessions_that_a_thief_may_hold) {
  const RunningServer server;
  const SignedInClient owner = sign_in(server.port());
  const SignedInClient thief = sign_in(server.port());

  const Answer changed = request(server.port(), "POST /auth/password", owner.all(),
                                 R"({"current_password":"admin123","new_password":"Tr4ube!uff"})");

  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(request(server.port(), "GET /auth/check", thief.cookie).status, 401);
  EXPECT_EQ(login(server.port(), "admin", "admin123").status, 401);
}

TEST(Session, is_over_after_twelve_hours_however_much_it_is_used) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  for (int i = 1; i <= 35; ++i) {
    server.set_now(RunningServer::start_time() + i * 20min);
    ASSERT_EQ(request(server.port(), "GET /auth/check", client.cookie).status, 200) << i;
  }

  server.set_now(RunningServer::start_time() + 12h);

  EXPECT_EQ(request(server.port(), "GET /auth/check", client.cookie).status, 401);
}

TEST(Session, does_not_grow_younger_when_the_clock_steps_back) {
  RunningServer server;
  const SignedInClient client = sign_in(server.port());
  server.set_now(RunningServer::start_time() - 24h);
  request(server.port(), "GET /auth/check", client.cookie);

  server.set_now(RunningServer::start_time() + 30min);

  EXPECT_EQ(request(server.port(), "GET /auth/check", client.cookie).status, 401);
}

}  // namespace
}  // namespace wl::web::attacks
