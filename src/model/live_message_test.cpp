#include "model/live_message.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace wl {
namespace {

using ::testing::HasSubstr;

const Timestamp t = parse_iso8601("2026-11-22T15:46:37.123Z").value();

LiveMessage values(LiveValue value) {
  return {.type = LiveMessage::Type::values,
          .ts = t,
          .values = {{"conveyor.power_kw", value}},
          .link = std::nullopt};
}

TEST(LiveMessage, has_the_form_that_the_browser_reads) {
  EXPECT_EQ(encode_live(values({0.95, quality::good, t})),
            R"({"type":"values","ts":"2026-11-22T15:46:37.123Z","values":)"
            R"({"conveyor.power_kw":{"v":0.95,"q":"good","t":"2026-11-22T15:46:37.123Z"}}})");
}

TEST(LiveMessage, a_snapshot_reads_back_with_its_link) {
  const LiveMessage sent{.type = LiveMessage::Type::snapshot,
                         .ts = t,
                         .values = {{"a.x", {1.0 / 3, quality::good, t}},
                                    {"a.y", {5, quality::uncertain_last_usable, t}}},
                         .link = LiveLink{false, "no \"route\"\n", t}};

  const auto read = decode_live(encode_live(sent));

  ASSERT_TRUE(read.has_value()) << read.error().what;
  EXPECT_EQ(read->type, sent.type);
  EXPECT_EQ(read->ts, sent.ts);
  EXPECT_EQ(read->values, sent.values);
  EXPECT_EQ(read->link, sent.link);
}

TEST(LiveMessage, is_one_line_whatever_the_reason_says) {
  const LiveMessage sent{.type = LiveMessage::Type::link,
                         .ts = t,
                         .values = {},
                         .link = LiveLink{false, "two\nlines", t}};

  EXPECT_EQ(encode_live(sent).find('\n'), std::string::npos);
  EXPECT_EQ(decode_live(encode_live(sent))->link, sent.link);
}

TEST(LiveMessage, a_bad_value_travels_without_a_number_but_with_its_code) {
  const std::string line = encode_live(values({7, quality::bad_no_communication, t}));

  EXPECT_THAT(line, HasSubstr(R"("v":null,"q":"bad")"));
  EXPECT_EQ(decode_live(line)->values.at("conveyor.power_kw").quality,
            quality::bad_no_communication);
}

TEST(LiveMessage, what_is_not_a_number_is_sent_as_null) {
  EXPECT_THAT(encode_live(values({std::numeric_limits<double>::infinity(), quality::good, t})),
              HasSubstr("\"v\":null"));
}

/// Every member is something else than its default.
AlarmRow whole_alarm() {
  AlarmRow row;
  row.id = 9'007'199'254'740'991;
  row.key = "conveyor.power_kw:high:critical";
  row.timestamp = t;
  row.device_id = "conveyor";
  row.parameter_name = "power_kw";
  row.alarm_type = "power_kw_threshold";
  row.message_key = "high";
  row.message = "上料传送带 power_kw 为 3.4 kW / Infeed conveyor: \"3.4\"\n";
  row.alarm_level = "critical";
  row.threshold_value = 3;
  row.actual_value = 3.4;
  row.state = "shelved";
  row.active = true;
  row.cleared_at = t;
  row.acknowledged = true;
  row.acknowledged_by = "wang";
  row.acknowledged_at = t + Milliseconds{1};
  row.note = "检修";
  row.shelved_by = "li";
  row.shelved_until = t + Milliseconds{2};
  row.raise_count = 2;
  row.suppressed_count = 4'000'000'000;
  row.announced_at = t + Milliseconds{3};
  row.announced_level = "emergency";
  row.announced = true;
  row.chattering = true;
  row.superseded_by = 13;
  return row;
}

TEST(LiveMessage, an_alarm_reads_back_whole_with_its_event_and_the_counts) {
  LiveMessage sent{.type = LiveMessage::Type::alarm, .ts = t, .values = {}, .link = {}};
  sent.alarms = {{whole_alarm(), "shelve"}, {AlarmRow{}, ""}};
  sent.alarm_counts = LiveAlarmCounts{1, 2, 3, 4, 5, true};

  const auto read = decode_live(encode_live(sent));

  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->type, sent.type);
  EXPECT_EQ(read->alarms, sent.alarms);
  EXPECT_EQ(read->alarm_counts, sent.alarm_counts);
  EXPECT_EQ(encode_live(sent).find('\n'), std::string::npos);
}

TEST(LiveMessage, an_alarm_has_the_columns_of_its_table_as_members) {
  LiveMessage sent{.type = LiveMessage::Type::alarm, .ts = t, .values = {}, .link = {}};
  sent.alarms = {{whole_alarm(), "shelve"}};

  EXPECT_THAT(encode_live(sent),
              HasSubstr(R"("alarms":[{"id":9007199254740991,"alarm_key":"conveyor.power_kw:high:)"
                        R"(critical","timestamp":"2026-11-22T15:46:37.123Z")"));
  EXPECT_THAT(encode_live(sent), HasSubstr(R"("superseded_by":13,"event":"shelve"}]})"));
}

TEST(LiveMessage, a_snapshot_carries_the_alarms_that_stand) {
  LiveMessage sent = values({1, quality::good, t});
  sent.type = LiveMessage::Type::snapshot;
  sent.alarms = {{whole_alarm(), ""}};

  EXPECT_EQ(decode_live(encode_live(sent))->alarms, sent.alarms);
}

TEST(LiveMessage, an_answer_tells_what_was_done_and_what_was_refused) {
  LiveMessage sent{.type = LiveMessage::Type::answer, .ts = t, .values = {}, .link = {}};
  sent.answer = LiveAnswer{.ref = 7,
                           .error = Error{Errc::conflict, "alarm 12 is over"},
                           .alarms = {whole_alarm()},
                           .refused = {{12, {Errc::conflict, "alarm 12 is over"}},
                                       {13, {Errc::not_found, "no alarm 13"}}}};

  const auto read = decode_live(encode_live(sent));

  ASSERT_TRUE(read && read->answer);
  EXPECT_EQ(read->answer->ref, 7u);
  EXPECT_EQ(read->answer->error->code, Errc::conflict);
  EXPECT_EQ(read->answer->error->what, "alarm 12 is over");
  EXPECT_EQ(read->answer->alarms, sent.answer->alarms);
  ASSERT_EQ(read->answer->refused.size(), 2u);
  EXPECT_EQ(read->answer->refused[1].id, 13u);
  EXPECT_EQ(read->answer->refused[1].why.code, Errc::not_found);
}

TEST(LiveMessage, an_answer_without_an_error_is_ok) {
  LiveMessage sent{.type = LiveMessage::Type::answer, .ts = t, .values = {}, .link = {}};
  sent.answer = LiveAnswer{.ref = 7};

  EXPECT_THAT(encode_live(sent), HasSubstr(R"("ref":7,"ok":true,"alarms":[],"refused":[])"));
  EXPECT_FALSE(decode_live(encode_live(sent))->answer->error);
}

TEST(LiveMessage, members_that_come_later_are_ignored) {
  EXPECT_TRUE(decode_live(R"({"type":"values","ts":"2026-11-22T00:00:00Z","values":{},"new":1})"));
}

TEST(LiveMessage, other_text_is_refused) {
  EXPECT_FALSE(decode_live(""));
  EXPECT_FALSE(decode_live("[]"));
  EXPECT_FALSE(decode_live(R"({"type":"alert","ts":"2026-11-22T00:00:00Z"})"));
  EXPECT_FALSE(decode_live(R"({"type":"values","ts":"yesterday"})"));
  EXPECT_FALSE(decode_live(R"({"type":"values","ts":"2026-11-22T00:00:00Z","values":[1]})"));
  EXPECT_FALSE(decode_live(R"({"type":"alarm","ts":"2026-11-22T00:00:00Z","alarms":[{"id":1}]})"));
  EXPECT_FALSE(decode_live(R"({"type":"answer","ts":"2026-11-22T00:00:00Z","ref":1})"));
  EXPECT_FALSE(decode_live(
      R"({"type":"answer","ts":"2026-11-22","ref":1,"ok":false,"code":"odd","error":""})"));
}

}  // namespace
}  // namespace wl
