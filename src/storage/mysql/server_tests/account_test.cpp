// Users and sessions on a server.
#include "storage/account_store.hpp"
#include "storage/database_size.hpp"
#include "storage/mysql/error.hpp"
#include "storage/mysql/server_tests/test_server.hpp"
#include "storage/testing/accounts_contract.hpp"

namespace wl::storage::mysql {
namespace {

Timestamp at(std::int64_t ms) {
  return from_unix_ms(1'700'000'000'000 + ms);
}

User admin() {
  User user;
  user.username = "admin";
  user.password_hash = "$2b$12$x";
  user.role = Role::admin;
  user.email = "a@b.example";
  user.created_at = at(1);
  return user;
}

class MariadbAccounts : public testing::Test {
 protected:
  ScratchSchema schema_;
  std::unique_ptr<AccountStore> accounts_ = storage::open_account_store(schema_.options()).value();
};

TEST_F(MariadbAccounts, keep_every_field_of_a_user) {
  const std::int64_t id = accounts_->add_user(admin()).value();

  const auto by_name = accounts_->find_user("admin").value();
  const auto by_id = accounts_->find_user(id).value();

  ASSERT_TRUE(by_name && by_id);
  EXPECT_EQ(by_name->id, id);
  EXPECT_EQ(by_id->password_hash, "$2b$12$x");
  EXPECT_EQ(by_id->role, Role::admin);
  EXPECT_EQ(by_id->email, "a@b.example");
  EXPECT_EQ(by_id->created_at, at(1));
  EXPECT_EQ(by_id->last_login, std::nullopt);
  EXPECT_EQ(by_id->locked_until, std::nullopt);
}

TEST_F(MariadbAccounts, a_name_is_exact_and_taken_once) {
  ASSERT_TRUE(accounts_->add_user(admin()));

  EXPECT_EQ(accounts_->add_user(admin()).error().code, Errc::conflict);
  EXPECT_EQ(accounts_->find_user("Admin").value(), std::nullopt);
  EXPECT_EQ(accounts_->find_user("admin ").value(), std::nullopt);
  EXPECT_EQ(accounts_->find_user("' OR '1'='1").value(), std::nullopt);
  EXPECT_EQ(accounts_->users()->size(), 1u);
}

TEST_F(MariadbAccounts, a_change_of_nobody_is_refused_and_one_that_changes_nothing_is_not) {
  const std::int64_t id = accounts_->add_user(admin()).value();

  EXPECT_TRUE(accounts_->set_password_hash(id, "$2b$12$x"));
  EXPECT_EQ(accounts_->set_password_hash(id + 1, "x").error().code, Errc::not_found);
}

TEST_F(MariadbAccounts, sessions_come_and_go) {
  const std::int64_t id = accounts_->add_user(admin()).value();
  const Session session{"aa", id, at(1), at(2), "127.0.0.1"};
  ASSERT_TRUE(accounts_->add_session(session));
  ASSERT_TRUE(accounts_->add_session({"bb", id, at(1), at(9), "::1"}));

  ASSERT_TRUE(accounts_->touch_session("aa", at(5)));
  EXPECT_EQ(accounts_->find_session("aa").value()->last_seen, at(5));
  EXPECT_EQ(accounts_->find_session("aa").value()->remote_address, "127.0.0.1");
  EXPECT_EQ(accounts_->remove_expired_sessions(at(6), at(0)).value(), 1);
  EXPECT_EQ(accounts_->find_session("aa").value(), std::nullopt);
  ASSERT_TRUE(accounts_->remove_session("bb"));
  EXPECT_EQ(accounts_->find_session("bb").value(), std::nullopt);
}

TEST_F(MariadbAccounts, take_room_on_the_server) {
  EXPECT_GT(storage::database_bytes(schema_.options()).value(), 0u);
}

TEST_F(MariadbAccounts, a_dump_without_triggers_is_guarded_again_by_init_db) {
  schema_.sql("DROP TRIGGER audit_log_no_update");
  EXPECT_FALSE(accounts_->audit().is_guarded().value());

  ASSERT_TRUE(storage::migrate(schema_.options()));

  EXPECT_TRUE(accounts_->audit().is_guarded().value());
}

class ScratchServerAccounts : public TestAccounts {
 public:
  std::unique_ptr<AccountStore> open() override {
    return storage::open_account_store(schema_.options()).value();
  }
  bool takes(const std::string& sql) override {
    try {
      schema_.sql(sql);
      return true;
    } catch (const DatabaseError&) {
      return false;
    }
  }

 private:
  ScratchSchema schema_;
};

std::unique_ptr<TestAccounts> make_on_server() {
  return std::make_unique<ScratchServerAccounts>();
}

}  // namespace
}  // namespace wl::storage::mysql

namespace wl::storage {
INSTANTIATE_TEST_SUITE_P(Mariadb, AccountsContract, testing::Values(mysql::make_on_server));
INSTANTIATE_TEST_SUITE_P(Mariadb, AuditContract, testing::Values(mysql::make_on_server));
}  // namespace wl::storage
