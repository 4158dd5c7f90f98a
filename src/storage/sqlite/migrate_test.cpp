#include <sys/stat.h>

#include "storage/account_store.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/scratch_database.hpp"
#include "storage/sqlite/sqlite_tables.hpp"

namespace wl::storage {
namespace {

using testing::HasSubstr;

class Migrate : public ScratchDatabase {
 protected:
  void execute(const std::string& sql) const {
    SQLite::Database(options_.sqlite_path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }
};

TEST_F(Migrate, makes_a_new_file_with_the_newest_schema) {
  const auto report = migrate(options_);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->from_version, 0);
  EXPECT_EQ(report->to_version, sqlite_migrations().back().version);
  EXPECT_NO_THROW(open_sqlite_tables(options_, Checkpoints::by_this_connection));
}

TEST_F(Migrate, gives_the_file_to_its_owner_only) {
  ASSERT_TRUE(migrate(options_));

  struct stat status{};
  ASSERT_EQ(::stat(options_.sqlite_path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(Migrate, run_again_changes_nothing) {
  ASSERT_TRUE(migrate(options_));
  const std::string before = content();

  const auto report = migrate(options_);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->from_version, report->to_version);
  EXPECT_EQ(content(), before);
}

TEST_F(Migrate, finishes_a_creation_that_was_killed_before_the_first_table) {
  execute("PRAGMA journal_mode = WAL");

  EXPECT_TRUE(migrate(options_));
  EXPECT_NO_THROW(open_sqlite_tables(options_, Checkpoints::by_this_connection));
}

TEST_F(Migrate, every_step_can_be_run_again_after_a_crash_before_its_note) {
  ASSERT_TRUE(migrate(options_));
  execute("DELETE FROM schema_version");

  const auto report = migrate(options_);

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->from_version, 0);
}

TEST_F(Migrate, refuses_a_newer_schema_and_leaves_it_untouched) {
  ASSERT_TRUE(migrate(options_));
  execute("INSERT INTO schema_version VALUES (999, 'from_the_future')");
  const std::string before = content();

  const auto report = migrate(options_);
  const auto store = open_existing(options_, Checkpoints::by_this_connection);

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::conflict);
  EXPECT_THAT(report.error().what, HasSubstr("schema 999"));
  EXPECT_THAT(report.error().what, HasSubstr(options_.sqlite_path));
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::conflict);
  EXPECT_EQ(content(), before);
}

TEST_F(Migrate, refuses_a_file_that_is_no_database_and_leaves_it_untouched) {
  put_file("minutes of the meeting on energy, 2019");

  const auto report = migrate(options_);

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::corrupt);
  EXPECT_THAT(report.error().what, HasSubstr("is not a SQLite database"));
  EXPECT_THAT(report.error().what, HasSubstr("DB_SQLITE_PATH"));
  EXPECT_EQ(content(), "minutes of the meeting on energy, 2019");
}

TEST_F(Migrate, refuses_the_database_of_another_program) {
  execute("CREATE TABLE recipes (name TEXT)");
  const std::string before = content();

  const auto report = migrate(options_);

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::conflict);
  EXPECT_THAT(report.error().what, HasSubstr("another program"));
  EXPECT_EQ(content(), before);
}

TEST_F(Migrate, refuses_a_damaged_database_and_leaves_it_untouched) {
  ASSERT_TRUE(migrate(options_));
  std::string bytes = content();
  std::fill(bytes.begin() + 4096, bytes.end(), '\x5a');
  put_file(bytes);

  const auto report = migrate(options_);

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::corrupt);
  EXPECT_THAT(report.error().what, HasSubstr(options_.sqlite_path));
  EXPECT_THAT(report.error().what, HasSubstr("wattline restore"));
  EXPECT_EQ(content(), bytes);
}

TEST_F(Migrate, names_a_directory_that_does_not_exist) {
  options_.sqlite_path = (directory_ / "nowhere" / "wattline.db").string();

  const auto report = migrate(options_);

  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().what, HasSubstr("nowhere/wattline.db"));
}

TEST_F(Migrate, a_store_is_not_opened_before_it) {
  const auto missing = open_existing(options_, Checkpoints::by_this_connection);
  const auto no_accounts = open_account_store(options_);

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
  EXPECT_THAT(missing.error().what, HasSubstr("wattline init-db"));
  ASSERT_FALSE(no_accounts);
  EXPECT_EQ(no_accounts.error().code, Errc::not_found);
  EXPECT_FALSE(std::filesystem::exists(options_.sqlite_path));
}

}  // namespace
}  // namespace wl::storage
