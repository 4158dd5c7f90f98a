#include "storage/account_store.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>

#include "storage/database_size.hpp"
#include "storage/sqlite/scratch_database.hpp"
#include "storage/testing/accounts_contract.hpp"

namespace wl::storage {
namespace {

class AccountStoreTest : public ScratchDatabase {
 protected:
  AccountStoreTest() {
    EXPECT_TRUE(migrate(options_));
    accounts_ = open_account_store(options_).value();
  }

  static User admin() {
    User user;
    user.username = "admin";
    user.password_hash = "$2b$12$x";
    user.role = Role::admin;
    user.created_at = at(1);
    return user;
  }

  std::unique_ptr<AccountStore> accounts_;
};

TEST_F(AccountStoreTest, finds_a_user_by_name_and_by_id) {
  const std::int64_t id = accounts_->add_user(admin()).value();

  const auto by_name = accounts_->find_user("admin").value();
  const auto by_id = accounts_->find_user(id).value();

  ASSERT_TRUE(by_name && by_id);
  EXPECT_EQ(by_name->id, id);
  EXPECT_EQ(by_id->password_hash, "$2b$12$x");
  EXPECT_EQ(by_id->role, Role::admin);
  EXPECT_EQ(by_id->created_at, at(1));
  EXPECT_EQ(by_id->last_login, std::nullopt);
  EXPECT_EQ(accounts_->find_user("nobody").value(), std::nullopt);
}

TEST_F(AccountStoreTest, refuses_a_name_that_is_taken) {
  ASSERT_TRUE(accounts_->add_user(admin()));

  const auto again = accounts_->add_user(admin());

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::conflict);
  EXPECT_EQ(accounts_->users()->size(), 1u);
}

TEST_F(AccountStoreTest, a_name_is_a_value_and_never_sql) {
  User user = admin();
  user.username = "x'; DROP TABLE users; --";

  ASSERT_TRUE(accounts_->add_user(user));

  EXPECT_TRUE(accounts_->find_user(user.username).value());
  EXPECT_EQ(accounts_->find_user("' OR '1'='1").value(), std::nullopt);
}

TEST_F(AccountStoreTest, a_change_to_nobody_is_not_found) {
  const auto changed = accounts_->set_password_hash(77, "$2b$12$y");

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, Errc::not_found);
}

TEST_F(AccountStoreTest, a_session_lives_until_it_is_removed) {
  const std::int64_t id = accounts_->add_user(admin()).value();
  ASSERT_TRUE(accounts_->add_session({"aa", id, at(0), at(0), "127.0.0.1"}));
  ASSERT_TRUE(accounts_->touch_session("aa", at(50)));
  EXPECT_EQ(accounts_->find_session("aa").value()->last_seen, at(50));

  ASSERT_TRUE(accounts_->remove_session("aa"));

  EXPECT_FALSE(accounts_->find_session("aa").value());
}

TEST_F(AccountStoreTest, idle_and_old_sessions_expire_and_others_stay) {
  const std::int64_t id = accounts_->add_user(admin()).value();
  ASSERT_TRUE(accounts_->add_session({"idle", id, at(900), at(900), ""}));
  ASSERT_TRUE(accounts_->add_session({"old", id, at(10), at(2000), ""}));
  ASSERT_TRUE(accounts_->add_session({"fresh", id, at(900), at(2000), ""}));

  EXPECT_EQ(accounts_->remove_expired_sessions(at(1000), at(100)), 2);

  EXPECT_TRUE(accounts_->find_session("fresh").value());
}

TEST_F(AccountStoreTest, a_session_of_nobody_is_refused) {
  EXPECT_FALSE(accounts_->add_session({"aa", 77, at(0), at(0), ""}));
}

class ScratchFileAccounts : public TestAccounts {
 public:
  ScratchFileAccounts() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wl-accounts-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    options_.sqlite_path = (directory_ / "wattline.db").string();
    EXPECT_TRUE(migrate(options_));
  }
  ~ScratchFileAccounts() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<AccountStore> open() override { return open_account_store(options_).value(); }
  bool takes(const std::string& sql) override {
    try {
      SQLite::Database(options_.sqlite_path, SQLite::OPEN_READWRITE, 5000).exec(sql);
      return true;
    } catch (const SQLite::Exception&) {
      return false;
    }
  }

 private:
  std::filesystem::path directory_;
  DatabaseOptions options_;
};

std::unique_ptr<TestAccounts> make_in_file() {
  return std::make_unique<ScratchFileAccounts>();
}

INSTANTIATE_TEST_SUITE_P(Sqlite, AccountsContract, testing::Values(make_in_file));
INSTANTIATE_TEST_SUITE_P(Sqlite, AuditContract, testing::Values(make_in_file));

TEST_F(AccountStoreTest, the_file_and_its_log_are_the_size_of_the_database) {
  const std::uint64_t bytes = database_bytes(options_).value();

  EXPECT_GE(bytes, std::filesystem::file_size(options_.sqlite_path));
  DatabaseOptions missing = options_;
  missing.sqlite_path += ".none";
  EXPECT_EQ(database_bytes(missing).error().code, Errc::not_found);
}

}  // namespace
}  // namespace wl::storage
