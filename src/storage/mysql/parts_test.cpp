// What can be tested without a server: splitting, partitions, messages, the check of a session.
#include "storage/mysql/connection.hpp"
#include "storage/mysql/day_partitions.hpp"
#include "storage/mysql/migrations.hpp"
#include "storage/mysql/multi_row.hpp"
#include "storage/mysql/session.hpp"

namespace wl::storage::mysql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Place place{.host = "db1:3306", .user = "energy_user", .database = "energy_management"};

SessionFacts good_session() {
  return {"utf8mb4", "utf8mb4", "utf8mb4",  "STRICT_ALL_TABLES", "+00:00",
          "1",       "0",       "16777216", "10.11.6-MariaDB"};
}

std::string refusal(const SessionFacts& facts) {
  try {
    check_session(facts, place);
    return "";
  } catch (const HostUnusable& error) {
    return error.what();
  }
}

TEST(SplitRows, makes_powers_of_two) {
  const std::vector<std::size_t> rows(300, 10);

  EXPECT_THAT(split_rows(rows, 1'000'000), ElementsAre(256, 32, 8, 4));
  EXPECT_THAT(split_rows({}, 10), IsEmpty());
}

TEST(SplitRows, keeps_a_statement_below_its_bytes_but_for_a_single_row) {
  const std::vector<std::size_t> rows = {40, 40, 40, 200, 40};

  EXPECT_THAT(split_rows(rows, 100), ElementsAre(2, 1, 1, 1));
}

TEST(DayPartitions, a_day_gets_its_own_and_the_others_keep_their_place) {
  EXPECT_THAT(splits({}, {100}), ElementsAre("ALTER TABLE chunks REORGANIZE PARTITION rest INTO ("
                                             "PARTITION to_100 VALUES LESS THAN (8640000000), "
                                             "PARTITION to_101 VALUES LESS THAN (8726400000), "
                                             "PARTITION rest VALUES LESS THAN MAXVALUE)"));
  EXPECT_THAT(splits({100, 101}, {100}), IsEmpty());
  EXPECT_THAT(splits({100, 102}, {100}),
              ElementsAre(HasSubstr("REORGANIZE PARTITION to_102 INTO (PARTITION to_101 ")));
  EXPECT_THAT(splits({100}, {-3, 200}), ElementsAre(HasSubstr("REORGANIZE PARTITION to_100 INTO"),
                                                    HasSubstr("REORGANIZE PARTITION rest INTO")));
}

TEST(DayPartitions, a_name_tells_its_bound) {
  EXPECT_EQ(bound_in_name(partition_name(19'675)), 19'675);
  EXPECT_EQ(bound_in_name(partition_name(-3)), -3);
  EXPECT_EQ(bound_in_name("rest"), std::nullopt);
  EXPECT_EQ(bound_in_name("to_1x"), std::nullopt);
  EXPECT_EQ(day_of(from_unix_ms(-1)), -1);
}

TEST(Session, is_refused_with_the_setting_that_the_server_keeps) {
  SessionFacts latin = good_session();
  latin.connection_charset = "latin1";
  SessionFacts zone = good_session();
  zone.time_zone = "SYSTEM";
  SessionFacts lax = good_session();
  lax.sql_mode = "";
  SessionFacts small = good_session();
  small.max_allowed_packet = "1024";

  EXPECT_EQ(refusal(good_session()), "");
  EXPECT_THAT(refusal(latin), HasSubstr("db1:3306 keeps character_set_connection = 'latin1'"));
  EXPECT_THAT(refusal(zone), HasSubstr("keeps time_zone = 'SYSTEM'"));
  EXPECT_THAT(refusal(lax), HasSubstr("STRICT_ALL_TABLES"));
  EXPECT_THAT(refusal(small), HasSubstr("has max_allowed_packet = 1024"));
}

TEST(Explain, a_full_disk_is_told_as_one_whatever_the_number) {
  const auto told = [](unsigned number, const char* text) {
    return explain({number, text}, place).what;
  };
  EXPECT_THAT(told(1114, "The table 'chunks' is full"), HasSubstr("Free some space there"));
  EXPECT_THAT(told(1030, "Got error 28 from storage engine"), HasSubstr("Free some space there"));
  EXPECT_THAT(told(1021, "Disk full"), HasSubstr("energy_management at db1:3306"));
}

TEST(Explain, tells_deadlock_rights_and_the_unknown_with_their_next_step) {
  EXPECT_THAT(explain({1213, "Deadlock found"}, place).what, HasSubstr("try again"));
  EXPECT_EQ(explain({1142, "INSERT denied"}, place).code, Errc::permission);
  EXPECT_THAT(explain({1142, "INSERT denied"}, place).what,
              HasSubstr("GRANT ALL PRIVILEGES ON energy_management.* TO 'energy_user'@'%';"));
  EXPECT_THAT(explain({1290, "--read-only"}, place).what, HasSubstr("Name the primary server"));
  EXPECT_THAT(explain({9999, "something"}, place).what, HasSubstr("something (error 9999)"));
}

TEST(Migrations, a_step_is_cut_at_semicolons_that_end_a_line) {
  EXPECT_THAT(statements_of("-- why; really\nCREATE a (\n  b\n);\n\nINSERT ';x';\n"),
              ElementsAre("CREATE a (\n  b\n)\n", "INSERT ';x'\n"));
}

}  // namespace
}  // namespace wl::storage::mysql
