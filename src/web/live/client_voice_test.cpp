#include "web/live/client_voice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/testing/live_messages.hpp"

namespace wl::web {
namespace {

using namespace std::chrono_literals;
using namespace wl::web::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ClientVoiceTest : public ::testing::Test {
 protected:
  /// The complaint about a message, or what else came of it.
  std::string complaint(std::string_view text, Timestamp now = start) {
    const ClientAction action = voice_.hear(text, now);
    if (const auto* complaint = std::get_if<Complain>(&action)) return complaint->text;
    return std::holds_alternative<Dismiss>(action) ? "dismissed" : "taken";
  }
  std::string repeated(std::string_view text, int times, Timestamp now = start) {
    std::string last;
    for (int i = 0; i < times; ++i) last = complaint(text, now);
    return last;
  }

  const LiveNames names_ = line_names();
  ClientVoice voice_{names_, Language::en};
};

TEST_F(ClientVoiceTest, subscribes_to_devices_and_back_to_everything) {
  const ClientAction some = voice_.hear(R"({"type":"subscribe","devices":["conveyor"]})", start);
  const ClientAction all = voice_.hear(R"({"type":"subscribe","all":true})", start);

  EXPECT_EQ(std::get<Resubscribe>(some).subscription.names(), std::vector<std::string>{"conveyor"});
  EXPECT_TRUE(std::get<Resubscribe>(all).subscription.everything());
}

TEST_F(ClientVoiceTest, names_an_unknown_type) {
  EXPECT_THAT(complaint(R"({"type":"publish"})"),
              AllOf(HasSubstr(R"("type":"error")"), HasSubstr(R"("code":"unknown_type")"),
                    HasSubstr("'publish'")));
}

TEST_F(ClientVoiceTest, speaks_chinese_to_those_who_read_it) {
  ClientVoice voice(names_, Language::zh_cn);

  const ClientAction action = voice.hear("{}", start);

  EXPECT_THAT(std::get<Complain>(action).text, HasSubstr("缺少"));
}

TEST_F(ClientVoiceTest, says_what_is_wrong_with_a_message) {
  EXPECT_THAT(complaint("hello"), HasSubstr("bad_message"));
  EXPECT_THAT(complaint("[1]"), HasSubstr("no JSON object"));
  EXPECT_THAT(complaint(R"({"type":1})"), HasSubstr("is missing"));
  EXPECT_THAT(complaint(R"({"type":"subscribe"})"), HasSubstr("needs either"));
  EXPECT_THAT(complaint(R"({"type":"subscribe","all":false})"), HasSubstr("needs either"));
  EXPECT_THAT(complaint(R"({"type":"subscribe","all":true,"devices":["a"]})"),
              HasSubstr("needs either"));
  EXPECT_THAT(complaint(R"({"type":"subscribe","device":["a"]})"), HasSubstr("'device'"));
  EXPECT_THAT(complaint(R"({"type":"subscribe","devices":["pump"]})"),
              AllOf(HasSubstr("unknown_device"), HasSubstr("'pump'")));
  EXPECT_THAT(complaint(R"({"type":"subscribe","devices":[["a"]]})"), HasSubstr("needs either"));
}

TEST_F(ClientVoiceTest, nesting_without_end_is_refused) {
  EXPECT_THAT(complaint(std::string(2000, '[')), HasSubstr("bad_message"));
}

TEST_F(ClientVoiceTest, dismisses_after_the_eleventh_bad_message) {
  EXPECT_THAT(repeated("x", ClientVoice::patience), HasSubstr("bad_message"));
  EXPECT_EQ(complaint("x"), "dismissed");
}

TEST_F(ClientVoiceTest, forgives_a_bad_message_every_half_minute) {
  repeated("x", ClientVoice::patience);

  EXPECT_THAT(complaint("x", start + 30s), HasSubstr("bad_message"));
  EXPECT_EQ(complaint("x", start + 30s), "dismissed");
}

TEST_F(ClientVoiceTest, does_not_read_more_than_its_rate_and_dismisses_who_goes_on) {
  constexpr std::string_view message = R"({"type":"subscribe","all":true})";

  EXPECT_EQ(repeated(message, 20), "taken");
  EXPECT_THAT(complaint(message), HasSubstr("too_fast"));
  EXPECT_EQ(complaint(message, start + 500ms), "taken");
  EXPECT_EQ(repeated(message, 10, start + 500ms), "dismissed");
}

TEST_F(ClientVoiceTest, a_clock_that_is_set_back_takes_no_allowance) {
  constexpr std::string_view message = R"({"type":"subscribe","all":true})";
  complaint(message);

  EXPECT_EQ(complaint(message, start - 3600s), "taken");
}

TEST_F(ClientVoiceTest, takes_no_binary_message) {
  const ClientAction action = voice_.hear_binary(start);

  EXPECT_THAT(std::get<Complain>(action).text, HasSubstr("only text"));
}

}  // namespace
}  // namespace wl::web
