#include "collector/desk/alarm_memory.hpp"

#include <gmock/gmock.h>

#include "collector/desk/desk_rig.hpp"

namespace wl::collector {
namespace {

using testing::HasSubstr;

AlarmMemory some_memory() {
  DeskRig rig;
  rig.overload();
  rig.order(LiveOrder::Kind::shelve, {1}, 30);
  AlarmMemory memory = decode_memory(rig.news.memory.value()).value();
  ThresholdRow rule = rig_rule("press", 1.0 / 3);
  rule.kind = "deviation";
  rule.setpoint_parameter = "shift_kwh";
  rule.on_delay = Milliseconds{1500};
  rule.updated_by = "王 \"x\"";
  rule.updated_at = rig_now(1).wall;
  rule.version = 3;
  rule.enabled = false;
  memory.rules.push_back(rule);
  memory.policy = "a line of the policy, with \"quotes\"";
  return memory;
}

std::string text() {
  return encode_memory(some_memory());
}

TEST(AlarmMemory, reads_back_as_it_was_written) {
  const AlarmMemory sent = some_memory();

  const auto read = decode_memory(encode_memory(sent));

  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->next_id, sent.next_id);
  EXPECT_EQ(read->records, sent.records);
  EXPECT_EQ(read->rules, sent.rules);
  EXPECT_EQ(read->policy, sent.policy);
}

TEST(AlarmMemory, a_changed_byte_is_found) {
  std::string torn = text();
  torn[torn.size() - 30] ^= 1;

  EXPECT_EQ(decode_memory(torn).error().code, Errc::corrupt);
  EXPECT_THAT(decode_memory(torn).error().what, HasSubstr("checksum"));
}

TEST(AlarmMemory, half_a_file_and_another_file_are_refused) {
  EXPECT_EQ(decode_memory(text().substr(0, 200)).error().code, Errc::corrupt);
  EXPECT_EQ(decode_memory("").error().code, Errc::corrupt);
  EXPECT_EQ(decode_memory("{}\n{}\n").error().code, Errc::corrupt);
}

TEST(AlarmMemory, another_version_is_named) {
  std::string newer = text();
  newer.replace(newer.find("\"version\":1"), 11, "\"version\":2");

  EXPECT_THAT(decode_memory(newer).error().what, HasSubstr("version 2"));
}

}  // namespace
}  // namespace wl::collector
