// Users, locks, sessions and tokens on any engine.
#include "storage/testing/accounts_contract.hpp"

namespace wl::storage {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

ApiToken token(std::int64_t user, const std::string& key, Timestamp created) {
  ApiToken made;
  made.user_id = user;
  made.name = "script " + key;
  made.token_sha256 = key;
  made.scopes = "read alarms";
  made.created_at = created;
  made.expires_at = created + std::chrono::days{90};
  return made;
}

TEST_P(AccountsContract, a_change_gives_the_user_another_version) {
  const std::int64_t id = add("anna", Role::user);

  UserChange change{.id = id, .if_version = 1, .email = "anna@plant.example"};
  const auto changed = accounts_->change_user(change);
  const auto late = accounts_->change_user(change);

  ASSERT_TRUE(changed) << changed.error().what;
  EXPECT_EQ(changed->email, "anna@plant.example");
  EXPECT_EQ(changed->role, Role::user);
  EXPECT_EQ(changed->version, 2);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::conflict);
  EXPECT_EQ(accounts_->find_user("anna").value()->version, 2);
}

TEST_P(AccountsContract, the_last_admin_is_neither_removed_nor_made_a_user) {
  const std::int64_t id = add("admin", Role::admin);
  add("anna", Role::user);

  EXPECT_EQ(accounts_->change_user({.id = id, .role = Role::user}).error().code,
            Errc::invalid_argument);
  EXPECT_EQ(accounts_->remove_user(id, std::nullopt).error().code, Errc::invalid_argument);
  add("second", Role::admin);
  EXPECT_TRUE(accounts_->change_user({.id = id, .role = Role::user}));
  EXPECT_TRUE(accounts_->remove_user(id, std::nullopt));
}

TEST_P(AccountsContract, a_user_goes_with_sessions_tokens_and_locks) {
  add("admin", Role::admin);
  const std::int64_t id = add("anna", Role::user);
  ASSERT_TRUE(accounts_->add_session({"aa", id, at(0), at(0), "10.0.0.1"}));
  ASSERT_TRUE(accounts_->tokens().add(token(id, "tt", at(0))));
  ASSERT_TRUE(accounts_->record_failed_login({id, "10.0.0.1", at(0), 3, Milliseconds{600'000}}));

  EXPECT_EQ(accounts_->remove_user(id, 7).error().code, Errc::conflict);
  ASSERT_TRUE(accounts_->remove_user(id, 1));

  EXPECT_FALSE(accounts_->find_session("aa").value());
  EXPECT_FALSE(accounts_->tokens().find("tt").value());
  EXPECT_EQ(accounts_->remove_user(id, std::nullopt).error().code, Errc::not_found);
}

TEST_P(AccountsContract, a_new_role_ends_all_sessions_and_keeps_the_tokens) {
  const std::int64_t id = add("anna", Role::user);
  ASSERT_TRUE(accounts_->add_session({"aa", id, at(0), at(0), ""}));
  ASSERT_TRUE(accounts_->tokens().add(token(id, "tt", at(0))));

  ASSERT_TRUE(accounts_->change_user({.id = id, .role = Role::admin}));

  EXPECT_FALSE(accounts_->find_session("aa").value());
  EXPECT_EQ(accounts_->tokens().find("tt").value()->owner.role, Role::admin);
}

TEST_P(AccountsContract, a_new_password_keeps_the_one_session_that_is_named) {
  const std::int64_t id = add("anna", Role::user);
  ASSERT_TRUE(accounts_->add_session({"mine", id, at(0), at(0), ""}));
  ASSERT_TRUE(accounts_->add_session({"other", id, at(0), at(0), ""}));
  ASSERT_TRUE(accounts_->tokens().add(token(id, "tt", at(0))));

  UserChange change{.id = id, .password_hash = "$2b$12$y", .keep_session = "mine"};
  change.revoke_tokens_at = at(5);
  ASSERT_TRUE(accounts_->change_user(change));

  EXPECT_TRUE(accounts_->find_session("mine").value());
  EXPECT_FALSE(accounts_->find_session("other").value());
  EXPECT_EQ(accounts_->tokens().find("tt").value()->token.revoked_at, at(5));
}

TEST_P(AccountsContract, a_change_of_the_mail_address_ends_nothing) {
  const std::int64_t id = add("anna", Role::user);
  ASSERT_TRUE(accounts_->add_session({"aa", id, at(0), at(0), ""}));

  ASSERT_TRUE(accounts_->change_user({.id = id, .role = Role::user, .email = "a@b.example"}));

  EXPECT_TRUE(accounts_->find_session("aa").value());
}

TEST_P(AccountsContract, failures_lock_by_account_and_address_for_every_process) {
  const std::int64_t id = add("anna", Role::user);
  const auto other_process = engine_->open();
  const Milliseconds lockout{600'000};
  const auto failed = [&](AccountStore& store, const std::string& from, std::int64_t s) {
    return store.record_failed_login({id, from, at(s), 3, lockout}).value();
  };

  failed(*accounts_, "10.0.0.1", 0);
  failed(*other_process, "10.0.0.1", 1);
  const LoginLock third = failed(*accounts_, "10.0.0.1", 2);

  EXPECT_EQ(third.attempts, 3);
  EXPECT_EQ(third.locked_until, at(602));
  EXPECT_EQ(other_process->login_lock({id, "10.0.0.1", at(3), 3, lockout})->locked_until, at(602));
  EXPECT_EQ(other_process->login_lock({id, "10.0.0.2", at(3), 3, lockout})->locked_until,
            std::nullopt);
  EXPECT_EQ(accounts_->find_user("anna").value()->locked_until, at(602));
  EXPECT_EQ(accounts_->login_lock({id, "10.0.0.1", at(602), 3, lockout})->attempts, 0);
}

TEST_P(AccountsContract, an_unlock_holds_everywhere_and_is_told) {
  const std::int64_t id = add("anna", Role::user);
  add("berta", Role::user);
  const FailedLogin failure{id, "10.0.0.1", at(0), 1, Milliseconds{600'000}};
  ASSERT_TRUE(accounts_->record_failed_login(failure));

  ASSERT_TRUE(accounts_->unlock(id, at(10)));

  EXPECT_EQ(accounts_->login_lock(failure)->attempts, 0);
  EXPECT_EQ(accounts_->find_user(id).value()->locked_until, std::nullopt);
  EXPECT_THAT(accounts_->unlocked_since(at(9)).value(), SizeIs(1));
  EXPECT_EQ(accounts_->unlocked_since(at(9))->front().username, "anna");
  EXPECT_THAT(accounts_->unlocked_since(at(10)).value(), SizeIs(0));
  EXPECT_EQ(accounts_->unlock(id + 100, at(10)).error().code, Errc::not_found);
}

TEST_P(AccountsContract, a_sign_in_ends_the_lock_of_its_address) {
  const std::int64_t id = add("anna", Role::user);
  const FailedLogin failure{id, "10.0.0.1", at(0), 1, Milliseconds{600'000}};
  ASSERT_TRUE(accounts_->record_failed_login(failure));

  ASSERT_TRUE(accounts_->record_login(id, "10.0.0.1", at(700)));

  EXPECT_EQ(accounts_->login_lock(failure)->attempts, 0);
  EXPECT_EQ(accounts_->find_user(id).value()->last_login, at(700));
}

TEST_P(AccountsContract, sessions_are_listed_with_their_owner_newest_first) {
  const std::int64_t anna = add("anna", Role::user);
  const std::int64_t berta = add("berta", Role::user);
  ASSERT_TRUE(accounts_->add_session({"aa", anna, at(0), at(1), "10.0.0.1"}));
  ASSERT_TRUE(accounts_->add_session({"bb", berta, at(0), at(2), ""}));

  const auto all = accounts_->sessions(std::nullopt, 10).value();
  const auto hers = accounts_->sessions(anna, 10).value();

  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].username, "berta");
  ASSERT_THAT(hers, SizeIs(1));
  EXPECT_EQ(hers[0].session.remote_address, "10.0.0.1");
  EXPECT_THAT(accounts_->sessions(std::nullopt, 1).value(), SizeIs(1));
}

TEST_P(AccountsContract, tells_which_sessions_stand_however_many_are_asked_for) {
  const std::int64_t id = add("anna", Role::admin);
  ASSERT_TRUE(accounts_->add_session({"aa", id, at(0), at(0), ""}));
  std::vector<std::string> keys{"aa"};
  for (int i = 0; i < 1200; ++i) keys.push_back("gone" + std::to_string(i));

  const auto standing = accounts_->standing_sessions(keys).value();

  ASSERT_THAT(standing, SizeIs(1));
  EXPECT_EQ(standing[0].token_sha256, "aa");
  EXPECT_EQ(standing[0].role, Role::admin);
  EXPECT_THAT(accounts_->standing_sessions({}).value(), SizeIs(0));
}

TEST_P(AccountsContract, a_token_keeps_every_field_and_is_revoked_once) {
  const std::int64_t id = add("anna", Role::user);
  const std::int64_t number = accounts_->tokens().add(token(id, "tt", at(0))).value();
  ASSERT_TRUE(accounts_->tokens().touch("tt", at(3)));

  const auto found = accounts_->tokens().find("tt").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->token.id, number);
  EXPECT_EQ(found->token.name, "script tt");
  EXPECT_EQ(found->token.scopes, "read alarms");
  EXPECT_EQ(found->token.expires_at, at(0) + std::chrono::days{90});
  EXPECT_EQ(found->token.last_used, at(3));
  EXPECT_EQ(found->owner.username, "anna");

  EXPECT_TRUE(accounts_->tokens().revoke(number, at(4)));
  EXPECT_EQ(accounts_->tokens().revoke(number, at(5)).error().code, Errc::not_found);
  EXPECT_EQ(accounts_->tokens().find(number).value()->token.revoked_at, at(4));
  EXPECT_THAT(accounts_->tokens().list(id, 10).value(), SizeIs(0));
  EXPECT_THAT(accounts_->tokens().standing(std::vector<std::string>{"tt"}).value(), SizeIs(0));
}

TEST_P(AccountsContract, tokens_are_listed_by_owner_and_old_ones_forgotten) {
  const std::int64_t anna = add("anna", Role::user);
  const std::int64_t berta = add("berta", Role::user);
  ASSERT_TRUE(accounts_->tokens().add(token(anna, "t1", at(0))));
  ASSERT_TRUE(accounts_->tokens().add(token(anna, "t2", at(1))));
  ASSERT_TRUE(accounts_->tokens().add(token(berta, "t3", at(2))));

  const auto hers = accounts_->tokens().list(anna, 10).value();
  ASSERT_THAT(hers, SizeIs(2));
  EXPECT_EQ(hers[0].token.token_sha256, "t2");
  EXPECT_THAT(accounts_->tokens().list(std::nullopt, 10).value(), SizeIs(3));
  EXPECT_EQ(accounts_->tokens().remove_old(at(2) + std::chrono::days{90}).value(), 2);
  EXPECT_FALSE(accounts_->tokens().add(token(999, "t4", at(0))));
}

}  // namespace
}  // namespace wl::storage
