// The schema of a database on a server: made, made again, refused.
#include <future>

#include "storage/account_store.hpp"
#include "storage/mysql/migrations.hpp"
#include "storage/mysql/server_tests/test_server.hpp"

namespace wl::storage::mysql {
namespace {

using testing::HasSubstr;

constexpr auto empty = ScratchSchema::Content::empty;

int newest() {
  return mysql_migrations().back().version;
}

/// As a kill after `count` statements of the first step would leave it.
void run_some_statements(const ScratchSchema& schema, std::size_t count) {
  schema.sql("CREATE TABLE schema_version (version INT NOT NULL PRIMARY KEY, name VARCHAR(190))");
  const auto statements = statements_of(mysql_migrations().front().sql);
  for (std::size_t i = 0; i < std::min(count, statements.size()); ++i) schema.sql(statements[i]);
}

TEST(MariadbSchema, is_made_in_an_empty_database_and_only_once) {
  const ScratchSchema schema(empty);

  const auto first = storage::migrate(schema.options());
  const auto second = storage::migrate(schema.options());

  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->from_version, 0);
  EXPECT_EQ(first->to_version, newest());
  ASSERT_TRUE(second) << second.error().what;
  EXPECT_EQ(second->from_version, newest());
}

TEST(MariadbSchema, is_completed_after_a_kill_in_the_middle) {
  const ScratchSchema schema(empty);
  run_some_statements(schema, 9);

  const auto report = storage::migrate(schema.options());

  ASSERT_TRUE(report) << report.error().what;
  EXPECT_NE(open_tables(schema.options()), nullptr);
  EXPECT_EQ(schema.ask("SELECT COUNT(*) FROM writer"), "1");
}

TEST(MariadbSchema, run_a_second_time_keeps_every_row) {
  const ScratchSchema schema;
  schema.sql("INSERT INTO facts (name, value) VALUES ('x', 'kept')");
  schema.sql("UPDATE writer SET last_batch = 7");
  schema.sql("DELETE FROM schema_version");

  ASSERT_TRUE(storage::migrate(schema.options()));

  EXPECT_EQ(schema.ask("SELECT value FROM facts WHERE name = 'x'"), "kept");
  EXPECT_EQ(schema.ask("SELECT last_batch FROM writer"), "7");
}

TEST(MariadbSchema, two_processes_at_once_make_it_once) {
  const ScratchSchema schema(empty);

  auto other = std::async(std::launch::async, [&] { return storage::migrate(schema.options()); });
  const auto mine = storage::migrate(schema.options());
  const auto theirs = other.get();

  ASSERT_TRUE(mine) << mine.error().what;
  ASSERT_TRUE(theirs) << theirs.error().what;
  EXPECT_EQ(mine->from_version + theirs->from_version, newest());
}

TEST(MariadbSchema, a_newer_one_is_refused_and_left_as_it_is) {
  const ScratchSchema schema;
  schema.sql("INSERT INTO schema_version VALUES (999, 'from_the_future')");

  const auto report = storage::migrate(schema.options());
  const auto accounts = storage::open_account_store(schema.options());

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::conflict);
  EXPECT_THAT(report.error().what, HasSubstr("has schema 999, this program knows"));
  EXPECT_THAT(report.error().what, HasSubstr(schema.name() + " at 127.0.0.1:"));
  ASSERT_FALSE(accounts);
  EXPECT_EQ(accounts.error().code, Errc::conflict);
}

TEST(MariadbSchema, the_database_of_another_program_is_refused) {
  const ScratchSchema schema(empty);
  schema.sql("CREATE TABLE recipes (name TEXT)");

  const auto report = storage::migrate(schema.options());

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::conflict);
  EXPECT_THAT(report.error().what, HasSubstr("another program (it has a table 'recipes')"));
  EXPECT_THAT(report.error().what, HasSubstr("DB_NAME"));
  EXPECT_EQ(schema.ask("SELECT COUNT(*) FROM information_schema.TABLES "
                       "WHERE table_schema = DATABASE()"),
            "1");
}

TEST(MariadbSchema, nothing_is_opened_before_it) {
  const ScratchSchema schema(empty);

  const auto accounts = storage::open_account_store(schema.options());

  ASSERT_FALSE(accounts);
  EXPECT_EQ(accounts.error().code, Errc::not_found);
  EXPECT_THAT(accounts.error().what, HasSubstr("wattline init-db"));
}

TEST(MariadbSchema, a_database_that_does_not_exist_is_told_with_the_sql_that_makes_it) {
  const ScratchSchema schema(empty);
  DatabaseOptions options = schema.options();
  options.mysql->database = "nowhere";

  const auto report = storage::migrate(options);

  // Without a right on it the server says "access denied" for a database that does not exist.
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().what, HasSubstr("GRANT ALL PRIVILEGES ON nowhere.* TO 'energy_user'"));
}

TEST(MariadbSchema, an_administrator_is_told_how_to_create_a_missing_database) {
  const ScratchSchema schema(empty);
  DatabaseOptions options = schema.options();
  options.mysql->database = "nowhere";
  options.mysql->user = "tester";
  options.mysql->password = "tester";

  const auto report = storage::migrate(options);

  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::not_found);
  EXPECT_THAT(report.error().what, HasSubstr("CREATE DATABASE nowhere CHARACTER SET utf8mb4;"));
}

TEST(MariadbSchema, its_views_tell_utc_in_any_zone_of_the_reader) {
  const ScratchSchema schema;
  const auto tables = open_tables(schema.options());
  tables->begin(Access::write);
  const DeviceRow device = tables->make_device("conveyor");
  tables->put_fact("device_name.conveyor", "\xe4\xb8\x8a\xe6\x96\x99");
  tables->put_device_minutes(std::vector<DeviceMinute>{
      {device, from_unix_ms(4'000'000'020'000), 1.5, std::nullopt, "running"}});
  tables->put_production_minutes(
      std::vector<ProductionMinute>{{from_unix_ms(-60'000), 5, 1, std::nullopt, 4}});
  tables->commit();

  EXPECT_EQ(schema.ask("SELECT CONCAT_WS('|', timestamp, device_id, device_name, power_kw, "
                       "COALESCE(energy_kwh, 'NULL'), status) FROM energy_data"),
            "2096-10-02 07:07:00|conveyor|\xe4\xb8\x8a\xe6\x96\x99|1.5|NULL|running");
  EXPECT_EQ(shared_server().ask("SELECT CONCAT_WS('|', timestamp, product_count, reject_count, "
                                "COALESCE(runtime_seconds, 'NULL'), downtime_seconds, "
                                "COALESCE(oee_percentage, 'NULL')) FROM " +
                                schema.name() + ".production_data"),
            "1969-12-31 23:59:00|5|1|NULL|4|NULL");
}

}  // namespace
}  // namespace wl::storage::mysql
