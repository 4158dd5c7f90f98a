#include "web/auth/audit_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace wl::web {
namespace {

using storage::AuditHead;
using storage::AuditRow;
using ::testing::HasSubstr;
using Kind = AuditFault::Kind;

const AuditChain chain("the installation's secret");

/// A log as the storage writes it.
struct Log {
  std::vector<AuditRow> rows;
  AuditHead head;

  void seal() { head.seal = chain.seal_of(head); }
  void append(const std::string& action, const AuditChain& sealer = chain) {
    AuditRow row;
    row.id = head.entries + 1;
    row.at = from_unix_ms(1'700'000'000'000 + row.id);
    row.actor = "anna";
    row.action = action;
    row.subject = "user berta";
    row.ref = "ref" + std::to_string(row.id);
    row.previous_hash = head.hash;
    row.hash = sealer.hash_of(row);
    head = {row.id, row.hash, ""};
    head.seal = sealer.seal_of(head);
    rows.push_back(std::move(row));
  }
  std::optional<AuditFault> walk(std::optional<AuditAnchor> anchor = {}) const {
    AuditWalk steps(chain, std::move(anchor));
    for (const AuditRow& row : rows)
      if (auto fault = steps.take(row)) return fault;
    return steps.finish(head);
  }
};

Log five_entries() {
  Log log;
  for (const char* action : {"user.add", "user.change", "login.success", "token.add", "logout"})
    log.append(action);
  return log;
}

TEST(AuditChain, that_nobody_touched_is_whole) {
  EXPECT_FALSE(five_entries().walk());
  EXPECT_FALSE(Log{}.walk());
}

TEST(AuditChain, shows_each_member_that_was_changed) {
  const auto breaks = [](auto change) {
    Log log = five_entries();
    change(log.rows[2]);
    const auto fault = log.walk();
    return fault && fault->kind == Kind::changed && fault->id == 3;
  };

  EXPECT_TRUE(breaks([](AuditRow& row) { row.actor = "berta"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.action = "logout"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.subject += "!"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.before = "x"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.after = "x"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.remote_address = "10.0.0.9"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.at += Milliseconds{1}; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.ref = "other"; }));
  EXPECT_TRUE(breaks([](AuditRow& row) { row.hash[0] = row.hash[0] == 'a' ? 'b' : 'a'; }));
}

TEST(AuditChain, shows_text_that_was_moved_from_one_member_to_the_next) {
  Log log = five_entries();
  log.rows[1].subject = "user bert";
  log.rows[1].before = "a" + log.rows[1].before;

  EXPECT_EQ(log.walk()->kind, Kind::changed);
}

TEST(AuditChain, shows_entries_that_were_removed_from_the_middle_and_from_the_front) {
  Log middle = five_entries();
  middle.rows.erase(middle.rows.begin() + 1, middle.rows.begin() + 3);
  Log front = five_entries();
  front.rows.erase(front.rows.begin());

  const auto fault = middle.walk();

  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, Kind::removed);
  EXPECT_EQ(fault->id, 2);
  EXPECT_EQ(fault->count, 2);
  EXPECT_THAT(sentence(*fault), HasSubstr("entries 2 to 3 are missing"));
  EXPECT_EQ(front.walk()->kind, Kind::removed);
}

TEST(AuditChain, shows_removed_entries_also_when_the_others_were_numbered_anew) {
  Log log = five_entries();
  log.rows.erase(log.rows.begin() + 1);
  for (std::size_t i = 0; i < log.rows.size(); ++i) log.rows[i].id = std::int64_t(i) + 1;

  EXPECT_EQ(log.walk()->kind, Kind::changed);
}

TEST(AuditChain, shows_an_entry_that_was_put_in_by_somebody_without_the_key) {
  Log log = five_entries();
  log.append("user.add", AuditChain("a guess"));

  EXPECT_EQ(log.walk()->kind, Kind::changed);
  EXPECT_EQ(log.walk()->id, 6);
}

TEST(AuditChain, shows_a_genuine_entry_of_another_history) {
  Log log = five_entries();
  Log other = five_entries();
  other.rows[1].after = "another course";
  other.rows[1].hash = chain.hash_of(other.rows[1]);
  log.rows[1] = other.rows[1];

  const auto fault = log.walk();

  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, Kind::replaced);
  EXPECT_EQ(fault->id, 3);
}

TEST(AuditChain, shows_entries_that_were_cut_off_the_end) {
  Log log = five_entries();
  log.rows.resize(3);

  const auto fault = log.walk();

  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, Kind::cut_off);
  EXPECT_EQ(fault->id, 4);
  EXPECT_EQ(fault->count, 2);
}

TEST(AuditChain, shows_a_head_that_was_written_to_fit_what_was_cut_off) {
  Log log = five_entries();
  log.rows.resize(3);
  log.head = {3, log.rows[2].hash, log.head.seal};

  EXPECT_EQ(log.walk()->kind, Kind::head);
}

TEST(AuditChain, shows_a_head_that_was_set_back_while_entries_stayed) {
  Log log = five_entries();
  const AuditHead then = log.head;
  log.append("user.remove");
  log.head = then;

  const auto fault = log.walk();

  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, Kind::added);
  EXPECT_EQ(fault->id, 6);
}

TEST(AuditChain, shows_by_an_anchor_that_the_whole_log_was_set_back) {
  Log log = five_entries();
  AuditWalk then(chain, {});
  for (const AuditRow& row : log.rows) ASSERT_FALSE(then.take(row));
  const auto anchor = parse_anchor(then.anchor());
  ASSERT_TRUE(anchor);
  Log restored;
  for (int i = 0; i < 4; ++i) restored.append("something else");

  EXPECT_FALSE(log.walk(anchor));
  EXPECT_EQ(restored.walk(anchor)->kind, Kind::other);
  restored.append("something else");
  EXPECT_EQ(restored.walk(anchor)->kind, Kind::other);
}

TEST(AuditChain, takes_no_anchor_that_would_prove_nothing) {
  EXPECT_FALSE(parse_anchor(""));
  EXPECT_FALSE(parse_anchor("5"));
  EXPECT_FALSE(parse_anchor("5:abc"));
  EXPECT_FALSE(parse_anchor("0:0123456789abcdef"));
  EXPECT_FALSE(parse_anchor("x:0123456789abcdef"));
  EXPECT_EQ(parse_anchor("12:0123456789abcdef")->id, 12);
}

TEST(AuditChain, of_another_key_does_not_hold) {
  Log log;
  log.append("user.add", AuditChain("another installation"));

  EXPECT_EQ(log.walk()->kind, Kind::changed);
}

TEST(AuditEntries, are_cut_at_a_character_and_made_utf8) {
  AuditRow row;
  row.actor = std::string("a\xF0\x9F z\0b", 7);
  for (int i = 0; i < 2000; ++i) row.after += "电";

  const AuditRow ready = ready_for_log(row);

  EXPECT_EQ(ready.actor, "a?? z?b");
  EXPECT_LE(ready.after.size(), 4000u);
  EXPECT_TRUE(ready.after.ends_with("电…"));
  EXPECT_FALSE(ready.ref.empty());
  EXPECT_NE(ready.ref, ready_for_log(row).ref);
}

}  // namespace
}  // namespace wl::web
