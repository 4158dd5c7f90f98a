#include "alarm/notify/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alarm/notify/test_news.hpp"

namespace wl::alarm::notify {
namespace {

const Plant plant = test_plant();
const WordsContext context{plant, [](Timestamp time) { return "@" + to_iso8601(time); }};

Letter letter_about(Level level, State state) {
  Letter letter;
  letter.kind = LetterKind::alarm;
  letter.level = level;
  AlarmRecord record = row("conveyor.power_kw:high:auto", level, state);
  record.actual_value = 4.2;
  record.threshold_value = 3;
  letter.lines = {{record, 3, 2}};
  letter.alarms = 1;
  letter.by_level[static_cast<std::size_t>(level)] = 1;
  letter.by_device["conveyor"] = 1;
  return letter;
}

TEST(NotifyWords, an_alarm_in_english) {
  const TextFields fields =
      fields_of(letter_about(Level::critical, State::active_unacked), context, Language::en);

  EXPECT_EQ(fields.values.at("message"),
            "Infeed conveyor: power_kw is 4.2 kW, above the limit 3 kW");
  EXPECT_EQ(fields.values.at("level_text"), "Critical");
  const auto& line = fields.lists.at("lines").at(0).values;
  EXPECT_EQ(line.at("state_text"), "not acknowledged");
  EXPECT_EQ(line.at("collapsed_text"), "5 reports in one");
  EXPECT_EQ(line.at("since"), "@2023-11-14T22:13:20.000Z");
}

TEST(NotifyWords, and_in_chinese) {
  const TextFields fields =
      fields_of(letter_about(Level::emergency, State::cleared_unacked), context, Language::zh_cn);

  EXPECT_EQ(fields.values.at("level_text"), "紧急");
  EXPECT_EQ(fields.lists.at("lines").at(0).values.at("state_text"), "已恢复");
  EXPECT_EQ(fields.lists.at("devices").at(0).values.at("device_text"), "上料传送带");
}

TEST(NotifyWords, a_letter_without_alarms_has_every_field) {
  const TextFields fields = fields_of(Letter{}, context, Language::en);

  EXPECT_EQ(fields.values.at("message"), "");
  EXPECT_TRUE(fields.lists.at("lines").empty());
  EXPECT_TRUE(fields.lists.at("notes").empty());
}

TEST(NotifyWords, a_sample_has_something_in_every_list) {
  const TextFields fields = fields_of(sample_letter(LetterKind::digest), context, Language::zh_cn);

  EXPECT_THAT(fields.lists, testing::Each(testing::Field(
                                &std::pair<const std::string, std::vector<TextFields>>::second,
                                testing::Not(testing::IsEmpty()))));
}

}  // namespace
}  // namespace wl::alarm::notify
