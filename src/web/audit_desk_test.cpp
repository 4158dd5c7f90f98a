// The audit log of the web process when its database is away, and other processes beside it.
#include "web/api/audit_desk.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/api/login_audit.hpp"
#include "web/testing/scratch_accounts.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::ElementsAre;

constexpr Timestamp start = Timestamp{1'000'000'000s};

AuditEntry entry(std::string action) {
  AuditEntry made;
  made.at = start;
  made.actor = "anna";
  made.action = std::move(action);
  return made;
}

class AuditDeskTest : public ::testing::Test {
 protected:
  std::vector<std::string> actions() {
    std::vector<std::string> found;
    const auto stretch = database.open()->audit().stretch(0, 10'000);
    for (const storage::AuditRow& row : stretch->rows) found.push_back(row.action);
    return found;
  }
  void turn_until_idle(AuditDesk& desk) {
    while (desk.figures().waiting > 0 && database.loop.turn()) {
    }
  }

  ScratchAccounts database;
};

TEST_F(AuditDeskTest, writes_entries_in_their_order) {
  AuditDesk desk(database.desk, "secret");
  for (int i = 0; i < 250; ++i) desk.record(entry(fmt::format("a{}", i)));

  turn_until_idle(desk);

  const auto written = actions();
  ASSERT_EQ(written.size(), 250u);
  for (std::size_t i = 0; i < written.size(); ++i) EXPECT_EQ(written[i], fmt::format("a{}", i));
  EXPECT_EQ(desk.figures().written, 250u);
}

TEST_F(AuditDeskTest, keeps_entries_while_the_database_is_away) {
  AuditDesk desk(database.desk, "secret");
  database.set_away(true);
  desk.record(entry("first"));
  ASSERT_TRUE(database.loop.turn());
  desk.record(entry("second"));
  EXPECT_EQ(desk.figures().waiting, 2u);

  database.set_away(false);
  desk.tick(start);
  turn_until_idle(desk);

  EXPECT_THAT(actions(), ElementsAre("first", "second"));
  EXPECT_EQ(desk.figures().lost, 0u);
}

TEST_F(AuditDeskTest, counts_what_it_has_no_room_for) {
  AuditDesk desk(database.desk, "secret");
  database.set_away(true);

  for (std::size_t i = 0; i < AuditDesk::capacity + 3; ++i) desk.record(entry("x"));

  EXPECT_EQ(desk.figures().waiting, AuditDesk::capacity);
  EXPECT_EQ(desk.figures().lost, 3u);
}

TEST_F(AuditDeskTest, tells_at_once_that_an_entry_which_has_to_be_there_is_not) {
  AuditDesk desk(database.desk, "secret");
  database.set_away(true);
  std::optional<Result<void>> told;
  desk.record(entry("command.start"), [&](Result<void> done) { told = done; });
  ASSERT_TRUE(database.loop.turn());

  ASSERT_TRUE(told);
  EXPECT_FALSE(told->has_value());
  database.set_away(false);
  desk.record(entry("command.stop"), [&](Result<void> done) { told = done; });
  turn_until_idle(desk);

  EXPECT_TRUE(told->has_value());
  EXPECT_THAT(actions(), ElementsAre("command.stop"));
}

TEST_F(AuditDeskTest, makes_one_chain_with_another_process) {
  AuditDesk desk(database.desk, "secret");
  const AuditChain chain("secret");
  const auto elsewhere = database.open();
  storage::AuditRow row;
  row.action = "password.reset";

  desk.record(entry("first"));
  turn_until_idle(desk);
  ASSERT_TRUE(elsewhere->audit().append(std::vector{ready_for_log(row)}, chain));
  desk.record(entry("third"));
  turn_until_idle(desk);

  const auto stretch = elsewhere->audit().stretch(0, 10).value();
  AuditWalk walk(chain, {});
  for (const storage::AuditRow& one : stretch.rows) EXPECT_FALSE(walk.take(one));
  EXPECT_FALSE(walk.finish(stretch.head));
  EXPECT_THAT(actions(), ElementsAre("first", "password.reset", "third"));
}

TEST_F(AuditDeskTest, a_storm_of_failed_sign_ins_is_two_entries_a_minute) {
  AuditDesk desk(database.desk, "secret");
  LoginAudit failures(desk);
  for (int i = 0; i < 500; ++i) failures.failed("anna", "10.0.0.1", start);
  failures.tick(start + 59s);
  failures.tick(start + 60s);
  failures.tick(start + 120s);
  turn_until_idle(desk);

  const auto rows = database.open()->audit().stretch(0, 10)->rows;
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].after, R"({"attempts":1})");
  EXPECT_EQ(rows[1].after, R"({"attempts":499})");
  EXPECT_EQ(rows[1].subject, "user anna");
}

TEST_F(AuditDeskTest, failed_sign_ins_from_everywhere_are_bounded) {
  AuditDesk desk(database.desk, "secret");
  LoginAudit failures(desk);

  for (int i = 0; i < 5000; ++i)
    failures.failed("anna", fmt::format("10.0.{}.{}", i / 250, i % 250), start);

  EXPECT_EQ(desk.figures().waiting + desk.figures().written, LoginAudit::capacity + 1);
}

}  // namespace
}  // namespace wl::web
