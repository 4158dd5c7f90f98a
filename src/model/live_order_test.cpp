#include "model/live_order.hpp"

#include <gmock/gmock.h>

#include <numeric>

namespace wl {
namespace {

using ::testing::HasSubstr;

LiveOrder shelving() {
  return {.kind = LiveOrder::Kind::shelve,
          .ref = 8,
          .ids = {12, 13},
          .minutes = 30,
          .by = "admin",
          .note = "传感器 \"检修\"\n"};
}

std::string why(std::string_view line) {
  const auto order = decode_order(line);
  return order ? "accepted" : order.error().what;
}

TEST(LiveOrder, has_the_form_that_the_web_process_writes) {
  EXPECT_EQ(encode_order({.kind = LiveOrder::Kind::acknowledge,
                          .ref = 7,
                          .ids = {12},
                          .minutes = 0,
                          .by = "admin",
                          .note = ""}),
            R"({"order":"acknowledge","ref":7,"by":"admin","ids":[12],"note":""})");
}

TEST(LiveOrder, every_kind_reads_back_as_it_was_written) {
  LiveOrder other = shelving();
  other.minutes = 0;
  other.kind = LiveOrder::Kind::unshelve;
  const LiveOrder rules{.kind = LiveOrder::Kind::rules_changed,
                        .ref = 9,
                        .ids = {},
                        .minutes = 0,
                        .by = "admin",
                        .note = ""};

  EXPECT_EQ(decode_order(encode_order(shelving())), shelving());
  EXPECT_EQ(decode_order(encode_order(other)), other);
  EXPECT_EQ(decode_order(encode_order(rules)), rules);
}

TEST(LiveOrder, is_one_line_whatever_the_note_says) {
  EXPECT_EQ(encode_order(shelving()).find('\n'), std::string::npos);
}

TEST(LiveOrder, a_note_may_be_left_out) {
  const auto order = decode_order(R"({"order":"unshelve","ref":1,"ids":[1],"by":"wang"})");

  ASSERT_TRUE(order) << order.error().what;
  EXPECT_EQ(order->note, "");
}

TEST(LiveOrder, what_is_missing_or_of_another_type_is_named) {
  EXPECT_THAT(why(R"({"ref":1,"by":"a"})"), HasSubstr("'order' is missing"));
  EXPECT_THAT(why(R"({"order":"rules_changed","by":"a"})"), HasSubstr("'ref'"));
  EXPECT_THAT(why(R"({"order":"rules_changed","ref":1})"), HasSubstr("'by'"));
  EXPECT_THAT(why(R"({"order":"rules_changed","ref":1,"by":""})"), HasSubstr("'by'"));
  EXPECT_THAT(why(R"({"order":"acknowledge","ref":1,"by":"a"})"), HasSubstr("'ids'"));
  EXPECT_THAT(why(R"({"order":"acknowledge","ref":1,"by":"a","ids":[]})"), HasSubstr("'ids'"));
  EXPECT_THAT(why(R"({"order":"acknowledge","ref":1,"by":"a","ids":["1"]})"), HasSubstr("'ids'"));
  EXPECT_THAT(why(R"({"order":"acknowledge","ref":1,"by":"a","ids":[1],"note":5})"),
              HasSubstr("'note'"));
  EXPECT_THAT(why(R"({"order":"shelve","ref":1,"by":"a","ids":[1]})"), HasSubstr("'minutes'"));
}

TEST(LiveOrder, numbers_are_whole_and_in_their_limits) {
  EXPECT_THAT(why(R"({"order":"rules_changed","ref":0,"by":"a"})"), HasSubstr("'ref'"));
  EXPECT_THAT(why(R"({"order":"rules_changed","ref":-1,"by":"a"})"), HasSubstr("'ref'"));
  EXPECT_THAT(why(R"({"order":"rules_changed","ref":1.5,"by":"a"})"), HasSubstr("'ref'"));
  EXPECT_THAT(why(R"({"order":"acknowledge","ref":1,"by":"a","ids":[9007199254740992]})"),
              HasSubstr("'ids'"));
  EXPECT_THAT(why(R"({"order":"acknowledge","ref":1,"by":"a","ids":[3,4,3]})"),
              HasSubstr("3 twice"));
  EXPECT_THAT(why(R"({"order":"shelve","ref":1,"by":"a","ids":[1],"minutes":1441})"),
              HasSubstr("1 to 1440"));
}

TEST(LiveOrder, an_order_for_1000_alarms_is_taken_and_one_more_is_refused) {
  LiveOrder order = shelving();
  order.ids.resize(max_order_ids);
  std::iota(order.ids.begin(), order.ids.end(), 9'000'000'000'000'000);

  EXPECT_EQ(decode_order(encode_order(order)), order);
  order.ids.push_back(1);
  EXPECT_THAT(why(encode_order(order)), HasSubstr("1 to 1000"));
}

TEST(LiveOrder, a_note_of_500_bytes_is_taken_and_a_longer_one_is_refused) {
  LiveOrder order = shelving();
  order.note = std::string(max_order_note, 'n');

  EXPECT_EQ(decode_order(encode_order(order)), order);
  order.note += 'n';
  EXPECT_THAT(why(encode_order(order)), HasSubstr("'note'"));
}

TEST(LiveOrder, a_member_that_does_not_belong_to_it_is_refused_by_name) {
  EXPECT_THAT(why(R"({"order":"unshelve","ref":1,"ids":[1],"by":"a","minutes":5})"),
              HasSubstr("'unshelve' has no member 'minutes'"));
  EXPECT_THAT(why(R"({"order":"rules_changed","ref":1,"by":"a","ids":[1]})"),
              HasSubstr("no member 'ids'"));
}

TEST(LiveOrder, an_unknown_order_is_told_what_there_is) {
  EXPECT_THAT(why(R"({"order":"silence","ref":1,"by":"a"})"), HasSubstr("acknowledge, shelve"));
}

TEST(LiveOrder, other_text_is_refused) {
  EXPECT_NE(why(""), "accepted");
  EXPECT_NE(why("[]"), "accepted");
  EXPECT_NE(why("{\"order\":\"rules_changed\",\"ref\":1,\"by\":\"\xff\"}"), "accepted");
  EXPECT_NE(why(std::string(1000, '[')), "accepted");
  EXPECT_THAT(why(std::string(max_order_bytes + 1, ' ')), HasSubstr("64 KiB"));
}

TEST(LiveOrder, what_is_refused_can_be_answered_when_it_has_a_number) {
  EXPECT_EQ(ref_of_order(R"({"order":"silence","ref":3})"), 3u);
  EXPECT_EQ(ref_of_order(R"({"order":"silence"})"), std::nullopt);
  EXPECT_EQ(ref_of_order("acknowledge 3"), std::nullopt);
  EXPECT_EQ(ref_of_order("[3]"), std::nullopt);
}

}  // namespace
}  // namespace wl
