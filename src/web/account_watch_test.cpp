// What this process believes of accounts while the database does not answer.
#include "web/api/account_watch.hpp"

#include <gtest/gtest.h>

#include "web/api/audit_desk.hpp"
#include "web/testing/scratch_accounts.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;

constexpr Timestamp start = Timestamp{1'000'000'000s};

class Watch : public ::testing::Test {
 protected:
  SignedIn session(const std::string& key) {
    SignedIn made;
    made.token_sha256 = key;
    made.user_id = 1;
    made.username = "anna";
    made.created_at = start;
    made.last_seen = start;
    return made;
  }
  bool knows(const std::string& key) { return sessions.table().peek(key, start) != nullptr; }

  ScratchAccounts database;
  PasswordDesk passwords{
      []() -> Result<std::unique_ptr<PasswordBench>> { return std::make_unique<PasswordBench>(4); },
      database.loop.post(), 4};
  LiveHub hub{3s, LiveNames(Plant{})};
  SessionDirectory sessions{{}, database.desk, passwords};
  TokenDirectory tokens{database.desk, passwords};
  LoginLimiter limiter{{}};
  AuditDesk audit{database.desk, "secret"};
  AccountWatch watch{
      {sessions, tokens, hub, database.desk, passwords, limiter, audit, [] { return start; }}};
};

TEST_F(Watch, ends_what_the_database_does_not_know) {
  sessions.table().add(session("gone"));

  watch.tick(start);
  ASSERT_TRUE(database.loop.turn());

  EXPECT_FALSE(knows("gone"));
}

TEST_F(Watch, leaves_everything_valid_while_the_database_is_away) {
  sessions.table().add(session("mine"));
  database.set_away(true);

  watch.tick(start);
  ASSERT_TRUE(database.loop.turn());
  EXPECT_TRUE(knows("mine"));

  database.set_away(false);
  watch.tick(start + 5s);
  ASSERT_TRUE(database.loop.turn());
  EXPECT_FALSE(knows("mine"));
}

TEST_F(Watch, does_not_end_a_session_that_the_database_could_not_be_told_of) {
  database.set_away(true);
  const std::string token = sessions.open(session(""));
  ASSERT_TRUE(database.loop.turn());  // It was not stored.
  database.set_away(false);

  watch.tick(start);
  ASSERT_TRUE(database.loop.turn());

  EXPECT_TRUE(knows(session_key(token)));
}

TEST_F(Watch, asks_no_more_often_than_every_five_seconds) {
  watch.tick(start);
  ASSERT_TRUE(database.loop.turn());
  watch.tick(start + 4s);
  EXPECT_EQ(database.desk.waiting(), 0u);

  sessions.table().add(session("gone"));
  watch.tick(start + 5s);
  ASSERT_TRUE(database.loop.turn());

  EXPECT_FALSE(knows("gone"));
}

}  // namespace
}  // namespace wl::web
