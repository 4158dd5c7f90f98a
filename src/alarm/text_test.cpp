#include "alarm/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/test_plant.hpp"

namespace wl::alarm {
namespace {

AlarmRecord record_of(MessageKey key, std::string parameter) {
  AlarmRecord record;
  record.message = key;
  record.device = "conveyor";
  record.parameter = std::move(parameter);
  record.actual_value = 3.6000000000000001;
  record.threshold_value = 3;
  return record;
}

/// Every message in both languages, one a line.
std::string all_messages() {
  std::string all;
  for (int key = 0; key <= static_cast<int>(MessageKey::spool_damaged); ++key) {
    const AlarmRecord record = record_of(static_cast<MessageKey>(key), "power_kw");
    all += message_of(record, test_plant(), Language::zh_cn) + "\n";
    all += message_of(record, test_plant(), Language::en) + "\n";
  }
  return all;
}

TEST(AlarmText, says_device_value_unit_and_limit_in_both_languages) {
  const AlarmRecord record = record_of(MessageKey::high, "power_kw");

  EXPECT_EQ(message_of(record, test_plant(), Language::en),
            "Infeed conveyor: power_kw is 3.6 kW, above the limit 3 kW");
  EXPECT_EQ(message_of(record, test_plant(), Language::zh_cn),
            "上料传送带 power_kw 为 3.6 kW，高于上限 3 kW");
}

TEST(AlarmText, a_state_is_named_by_its_word) {
  AlarmRecord record = record_of(MessageKey::state, "status");
  record.actual_value = 2;

  EXPECT_EQ(message_of(record, test_plant(), Language::en),
            "Infeed conveyor: status is in state 'fault'");
}

TEST(AlarmText, what_the_plant_does_not_know_is_shown_by_its_id) {
  AlarmRecord record = record_of(MessageKey::low, "torque");
  record.device = "press";

  EXPECT_EQ(message_of(record, test_plant(), Language::en),
            "press: torque is 3.6, below the limit 3");
}

TEST(AlarmText, every_message_fills_in_all_its_places) {
  const std::string all = all_messages();

  EXPECT_THAT(all, testing::Not(testing::HasSubstr("{")));
  EXPECT_THAT(all, testing::HasSubstr("Certificate power_kw expires within 3 days"));
}

TEST(AlarmText, words_go_there_and_back) {
  EXPECT_EQ(word(MessageKey::database_down), "database_down");
  EXPECT_EQ(message_from_word("oee_low"), MessageKey::oee_low);
  EXPECT_EQ(message_from_word("tired"), std::nullopt);
}

}  // namespace
}  // namespace wl::alarm
