#include "web/live/subscription.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/live/live_wish.hpp"
#include "web/testing/live_messages.hpp"

namespace wl::web {
namespace {

using namespace wl::web::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Subscription to(std::vector<std::string> names) {
  return Subscription::of(std::move(names), line_names()).value();
}

std::string refusal(std::vector<std::string> names) {
  return Subscription::of(std::move(names), line_names()).error().error;
}

LiveMessage whole_line() {
  return snapshot({{"conveyor.power_kw", good(1)},
                   {"conveyor.status", good(2)},
                   {"station1.power_kw", good(3)},
                   {"station10.power_kw", good(4)}});
}

std::vector<std::string> keys(const LiveMessage& message) {
  std::vector<std::string> all;
  for (const auto& [key, value] : message.values) all.push_back(key);
  return all;
}

TEST(Subscription, of_a_device_has_all_its_points_and_no_others) {
  EXPECT_THAT(keys(to({"conveyor"}).part_of(whole_line())),
              ElementsAre("conveyor.power_kw", "conveyor.status"));
  EXPECT_THAT(keys(to({"station1"}).part_of(whole_line())), ElementsAre("station1.power_kw"));
}

TEST(Subscription, of_a_point_has_that_point) {
  EXPECT_THAT(keys(to({"conveyor.status", "station10"}).part_of(whole_line())),
              ElementsAre("conveyor.status", "station10.power_kw"));
}

TEST(Subscription, keeps_link_counts_and_number_and_cuts_the_alarms_of_other_devices) {
  LiveMessage message = whole_line();
  message.seq = 9;
  message.alarm_counts = LiveAlarmCounts{.active = 3};
  message.alarms = {alarm(1, "active_unacked"), alarm(2, "active_unacked"),
                    alarm(3, "active_unacked")};
  message.alarms[0].row.device_id = "conveyor";
  message.alarms[1].row.device_id = "station1";
  message.alarms[2].row.device_id = "system";

  const LiveMessage part = to({"conveyor.status"}).part_of(message);

  EXPECT_THAT(ids(part), ElementsAre(1u, 3u));
  EXPECT_EQ(part.link, message.link);
  EXPECT_EQ(part.alarm_counts->active, 3);
  EXPECT_EQ(part.seq, 9u);
}

TEST(Subscription, that_means_the_same_is_equal) {
  EXPECT_EQ(to({"station1", "conveyor.power_kw", "conveyor", "station1"}),
            to({"conveyor", "station1"}));
  EXPECT_NE(to({"conveyor"}), Subscription());
  EXPECT_NE(to({"conveyor"}).fingerprint(), to({"conveyor.power_kw"}).fingerprint());
}

TEST(Subscription, refuses_what_the_line_does_not_have_and_names_it) {
  const auto refused = Subscription::of({"conveyor", "pump\xff"}, line_names());

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, "unknown_device");
  EXPECT_THAT(refused.error().message.en, HasSubstr("'pump?'"));
  EXPECT_EQ(refusal({}), "bad_subscription");
  EXPECT_EQ(refusal(std::vector<std::string>(101, "conveyor")), "bad_subscription");
}

TEST(LiveQuery, may_be_empty_name_devices_and_the_place_to_resume_at) {
  const auto plain = parse_live_query("", line_names());
  const auto both =
      parse_live_query("resume=ab12-9f:77&devices=conveyor,station1.power_kw", line_names());

  EXPECT_TRUE(plain->subscription.everything());
  EXPECT_FALSE(plain->resume);
  EXPECT_EQ(both->subscription, to({"conveyor", "station1.power_kw"}));
  EXPECT_EQ(both->resume, (ResumePoint{"ab12-9f", 77}));
}

TEST(LiveQuery, refuses_whatever_else_it_says) {
  const auto code = [](std::string_view query) {
    return parse_live_query(query, line_names()).error().error;
  };

  EXPECT_EQ(code("device=conveyor"), "unknown_parameter");
  EXPECT_EQ(code("devices=conveyor&devices=conveyor"), "unknown_parameter");
  EXPECT_EQ(code(std::string(5000, 'x')), "unknown_parameter");
  EXPECT_EQ(code("devices="), "unknown_device");
  EXPECT_EQ(code("devices=conveyor,"), "unknown_device");
  EXPECT_EQ(code("devices=%zz"), "unknown_device");
  EXPECT_EQ(code("resume="), "bad_resume");
  EXPECT_EQ(code("resume=ab"), "bad_resume");
  EXPECT_EQ(code("resume=ab:"), "bad_resume");
  EXPECT_EQ(code("resume=ab:-1"), "bad_resume");
  EXPECT_EQ(code("resume=AB:1"), "bad_resume");
  EXPECT_EQ(code("resume=ab:99999999999999999999"), "bad_resume");
}

}  // namespace
}  // namespace wl::web
