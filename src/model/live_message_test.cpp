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

TEST(LiveMessage, members_that_come_later_are_ignored) {
  EXPECT_TRUE(decode_live(R"({"type":"values","ts":"2026-11-22T00:00:00Z","values":{},"new":1})"));
}

TEST(LiveMessage, other_text_is_refused) {
  EXPECT_FALSE(decode_live(""));
  EXPECT_FALSE(decode_live("[]"));
  EXPECT_FALSE(decode_live(R"({"type":"alarm","ts":"2026-11-22T00:00:00Z"})"));
  EXPECT_FALSE(decode_live(R"({"type":"values","ts":"yesterday"})"));
  EXPECT_FALSE(decode_live(R"({"type":"values","ts":"2026-11-22T00:00:00Z","values":[1]})"));
}

}  // namespace
}  // namespace wl
