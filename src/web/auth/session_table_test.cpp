#include "web/auth/session_table.hpp"

#include <gtest/gtest.h>

#include "web/auth/digest.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp start = Timestamp{1'000'000'000s};
constexpr SessionLimits limits{.idle = 30min, .absolute = 12h, .capacity = 2};

SignedIn session(std::string key, Timestamp at, std::int64_t user = 1) {
  SignedIn signed_in;
  signed_in.token_sha256 = std::move(key);
  signed_in.user_id = user;
  signed_in.created_at = at;
  signed_in.last_seen = at;
  return signed_in;
}

TEST(SessionTable, a_session_that_is_used_lives_on) {
  SessionTable table{limits};
  table.add(session("a", start));

  table.touch("a", start + 29min);

  EXPECT_NE(table.touch("a", start + 58min), nullptr);
}

TEST(SessionTable, an_idle_session_ends_after_the_timeout) {
  SessionTable table{limits};
  table.add(session("a", start));

  EXPECT_EQ(table.touch("a", start + 30min), nullptr);
  EXPECT_EQ(table.size(), 0u);
}

TEST(SessionTable, a_busy_session_ends_after_twelve_hours) {
  SessionTable table{SessionLimits{.idle = 24h, .absolute = 12h, .capacity = 2}};
  table.add(session("a", start));

  EXPECT_NE(table.touch("a", start + 11h), nullptr);
  EXPECT_EQ(table.touch("a", start + 12h), nullptr);
}

TEST(SessionTable, looking_at_a_session_does_not_prolong_it) {
  SessionTable table{limits};
  table.add(session("a", start));

  EXPECT_NE(table.peek("a", start + 20min), nullptr);
  EXPECT_EQ(table.peek("a", start + 31min), nullptr);
}

TEST(SessionTable, a_full_table_gives_up_the_one_idle_longest) {
  SessionTable table{limits};
  table.add(session("old", start));
  table.add(session("new", start + 1min));

  table.add(session("newest", start + 2min));

  EXPECT_EQ(table.peek("old", start + 2min), nullptr);
  EXPECT_NE(table.peek("new", start + 2min), nullptr);
}

TEST(SessionTable, a_password_change_ends_the_other_sessions_of_that_user_only) {
  SessionTable table{SessionLimits{.capacity = 10}};
  table.add(session("mine", start, 1));
  table.add(session("stolen", start, 1));
  table.add(session("somebody", start, 2));

  EXPECT_EQ(table.remove_user(1, "mine"), std::vector<std::string>{"stolen"});
  EXPECT_EQ(table.size(), 2u);
}

TEST(CsrfToken, belongs_to_one_session_and_one_key) {
  EXPECT_NE(csrf_token("key", "a"), csrf_token("key", "b"));
  EXPECT_NE(csrf_token("key", "a"), csrf_token("other", "a"));
  EXPECT_EQ(csrf_token("key", "a").size(), 64u);
}

TEST(Digest, agrees_with_the_published_vectors) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, random_text_is_as_long_as_asked_and_never_the_same) {
  EXPECT_EQ(random_hex(32).size(), 64u);
  EXPECT_NE(random_hex(32), random_hex(32));
}

}  // namespace
}  // namespace wl::web
