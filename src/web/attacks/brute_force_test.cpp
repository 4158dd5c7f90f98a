// Guessing passwords: slowly, quickly, at once, from many names and behind forged addresses.
#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "web/attacks/attack_tools.hpp"
#include "web/auth/password.hpp"

namespace wl::web::attacks {
namespace {

Answer guess(const RunningServer& server, const std::string& name, const std::string& password,
             const char* from = "127.0.0.1", const std::string& head = "") {
  Connection connection(server.port(), from);
  const std::string body = fmt::format(R"({{"username":"{}","password":"{}"}})", name, password);
  connection.send(
      fmt::format("POST /auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                  "Content-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}",
                  body.size(), head, body));
  return connection.receive();
}

/// The statuses of so many wrong guesses, one after the other.
std::vector<int> wrong_guesses(const RunningServer& server, const std::string& name, int times,
                               const char* from = "127.0.0.1") {
  std::vector<int> statuses;
  for (int i = 0; i < times; ++i) statuses.push_back(guess(server, name, "wrong", from).status);
  return statuses;
}

TEST(BruteForce, locks_the_account_at_that_address_only) {
  const RunningServer server;

  EXPECT_THAT(wrong_guesses(server, "admin", 5, "127.0.0.2"),
              ::testing::ElementsAre(401, 401, 401, 403, 403));

  EXPECT_EQ(guess(server, "admin", "admin123", "127.0.0.2").status, 403);
  EXPECT_EQ(guess(server, "admin", "admin123", "127.0.0.3").status, 200);
}

TEST(BruteForce, is_not_hidden_by_a_forged_address_or_another_spelling_of_the_name) {
  const RunningServer server;

  guess(server, "admin", "wrong", "127.0.0.1", "X-Forwarded-For: 1.1.1.1\r\n");
  guess(server, "Admin", "wrong", "127.0.0.1", "X-Real-IP: 2.2.2.2\r\n");
  guess(server, "aDMIN", "wrong", "127.0.0.1", "Forwarded: for=3.3.3.3\r\n");

  EXPECT_EQ(guess(server, "admin", "admin123").status, 403);
  EXPECT_EQ(guess(server, "ADMIN", "admin123").status, 403);
  EXPECT_EQ(guess(server, "admin", "admin123", "127.0.0.1", "X-Forwarded-For: 4.4.4.4\r\n").status,
            403);
}

TEST(BruteForce, of_many_names_is_throttled_by_address_and_says_when_to_come_again) {
  const RunningServer server;
  for (int i = 0; i < 20; ++i) guess(server, fmt::format("user{}", i), "wrong", "127.0.0.2");

  const Answer throttled = guess(server, "another", "wrong", "127.0.0.2");

  EXPECT_EQ(throttled.status, 429);
  EXPECT_NE(throttled.header("Retry-After"), "");
}

TEST(BruteForce, by_guesses_at_the_same_time_gains_no_more_than_three) {
  const RunningServer server;
  std::array<int, 12> statuses{};
  std::vector<std::jthread> guessers;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    guessers.emplace_back(
        [&server, &statuses, i] { statuses[i] = guess(server, "admin", "wrong").status; });
  }
  guessers.clear();  // Joins them.

  EXPECT_EQ(std::ranges::count(statuses, 401), 3);
  EXPECT_EQ(std::ranges::count(statuses, 403), 9);
}

TEST(BruteForce, of_the_old_password_with_a_stolen_session_is_locked_too) {
  const RunningServer server;
  const SignedInClient thief = sign_in(server.port());
  const std::string body = R"({"current_password":"wrong","new_password":"Tr4ube!uff"})";
  for (int i = 0; i < 3; ++i) request(server.port(), "POST /auth/password", thief.all(), body);

  const Answer answer = request(server.port(), "POST /auth/password", thief.all(),
                                R"({"current_password":"admin123","new_password":"Tr4ube!uff"})");

  EXPECT_EQ(answer.status, 403);
}

TEST(Enumeration, of_users_by_the_answers_is_not_possible) {
  const RunningServer server;

  const std::vector<int> known = wrong_guesses(server, "operator", 4);
  const std::vector<int> unknown = wrong_guesses(server, "nobody", 4);
  const Answer of_known = guess(server, "operator", "wrong");
  const Answer of_unknown = guess(server, "nobody", "wrong");

  EXPECT_EQ(known, unknown);
  EXPECT_EQ(of_known.body, of_unknown.body);
}

TEST(Enumeration, of_users_by_time_is_not_possible_because_all_hashes_cost_the_same) {
  EXPECT_FALSE(needs_rehash(dummy_hash(), bcrypt_cost));
}

TEST(Enumeration, of_users_by_long_names_or_passwords_is_not_possible) {
  const RunningServer server;

  EXPECT_EQ(guess(server, std::string(5000, 'a'), "x").status, 401);
  EXPECT_EQ(guess(server, "admin", std::string(73, 'a')).body,
            guess(server, "nobody", std::string(73, 'a')).body);
  EXPECT_EQ(guess(server, "admin", "admin123" + std::string(64, ' ')).status, 401);
}

}  // namespace
}  // namespace wl::web::attacks
