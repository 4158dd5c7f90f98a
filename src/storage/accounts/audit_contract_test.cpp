// The audit log on any engine.
#include <fmt/format.h>

#include <thread>

#include "storage/testing/accounts_contract.hpp"

namespace wl::storage {
namespace {

using testing::SizeIs;

AuditRow entry(const std::string& ref, const std::string& actor = "anna",
               const std::string& action = "user.add") {
  AuditRow row;
  row.at = from_unix_ms(1'700'000'000'000);
  row.actor = actor;
  row.remote_address = "10.0.0.1";
  row.action = action;
  row.subject = "user 操作员";
  row.before = R"({"role":"user"})";
  row.after = R"({"role":"admin"})";
  row.ref = ref;
  return row;
}

AuditFilter filter(const std::string& actor, const std::string& action) {
  AuditFilter made;
  made.actor = actor;
  made.action = action;
  return made;
}

TEST_P(AuditContract, entries_get_numbers_and_the_hash_of_the_one_before) {
  append({entry("a"), entry("b")});
  append({entry("c")});

  const auto stretch = accounts_->audit().stretch(0, 10).value();

  ASSERT_THAT(stretch.rows, SizeIs(3));
  EXPECT_EQ(stretch.rows[0].id, 1);
  EXPECT_EQ(stretch.rows[0].previous_hash, "");
  EXPECT_EQ(stretch.rows[0].subject, "user 操作员");
  EXPECT_EQ(stretch.rows[0].before, R"({"role":"user"})");
  EXPECT_EQ(stretch.rows[2].previous_hash, stretch.rows[1].hash);
  EXPECT_EQ(stretch.rows[2].hash, "c<b");
  ASSERT_TRUE(stretch.head);
  EXPECT_EQ(stretch.head->entries, 3);
  EXPECT_EQ(stretch.head->seal, "3:c<b");
}

TEST_P(AuditContract, the_same_entry_again_is_stored_once) {
  append({entry("a")});

  append({entry("a"), entry("b")});

  EXPECT_THAT(accounts_->audit().stretch(0, 10)->rows, SizeIs(2));
}

TEST_P(AuditContract, several_processes_make_one_chain) {
  constexpr int entries_each = 15;
  const auto write = [this](const std::string& name) {
    const auto store = engine_->open();
    for (int i = 0; i < entries_each; ++i) {
      const std::vector rows{entry(fmt::format("{}{}", name, i))};
      Result<void> done = fail(Errc::unavailable, "");
      for (int tries = 0; tries < 50 && !done; ++tries) done = store->audit().append(rows, sealer_);
      EXPECT_TRUE(done);
    }
  };
  std::thread first(write, "x");
  std::thread second(write, "y");
  first.join();
  second.join();

  const auto rows = accounts_->audit().stretch(0, 100)->rows;

  ASSERT_THAT(rows, SizeIs(2 * entries_each));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].id, rows[i - 1].id + 1);
    EXPECT_EQ(rows[i].previous_hash, rows[i - 1].hash);
  }
}

TEST_P(AuditContract, nobody_changes_or_removes_an_entry_by_sql) {
  append({entry("a")});

  EXPECT_TRUE(accounts_->audit().is_guarded().value());
  EXPECT_FALSE(engine_->takes("UPDATE audit_log SET actor = 'somebody' WHERE id = 1"));
  EXPECT_FALSE(engine_->takes("DELETE FROM audit_log WHERE id = 1"));
  EXPECT_FALSE(engine_->takes(
      "REPLACE INTO audit_log (id, at, actor, remote_address, action, subject, `before`, `after`, "
      "ref, previous_hash, hash) VALUES (1, 1, 'x', '', '', '', '', '', 'z', '', '')"));
  EXPECT_EQ(accounts_->audit().stretch(0, 10)->rows.at(0).actor, "anna");
}

TEST_P(AuditContract, a_filter_takes_what_is_below_a_word_and_nothing_beside_it) {
  append({entry("a", "anna", "user.add"), entry("b", "anna/token:x", "user"),
          entry("c", "annabel", "users.add"), entry("d", "%", "user_add")});

  const auto by_actor = accounts_->audit().page(filter("anna", ""), 0, 10).value();
  const auto by_action = accounts_->audit().page(filter("", "user"), 0, 10).value();

  EXPECT_EQ(by_actor.total, 2);
  EXPECT_EQ(by_actor.rows.at(0).ref, "b");
  EXPECT_EQ(by_action.total, 2);
  EXPECT_EQ(accounts_->audit().page(filter("%", ""), 0, 10)->total, 1);
}

TEST_P(AuditContract, a_page_is_newest_first_and_within_its_time) {
  AuditRow late = entry("late");
  late.at += std::chrono::hours{1};
  append({entry("a"), entry("b"), late});

  AuditFilter early;
  early.to = late.at;
  const auto page = accounts_->audit().page(early, 1, 1).value();

  EXPECT_EQ(page.total, 2);
  ASSERT_THAT(page.rows, SizeIs(1));
  EXPECT_EQ(page.rows[0].ref, "a");
  early.from = late.at;
  early.to.reset();
  EXPECT_EQ(accounts_->audit().page(early, 0, 10)->total, 1);
}

}  // namespace
}  // namespace wl::storage
