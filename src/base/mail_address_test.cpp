#include "base/mail_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct BadAddress : testing::TestWithParam<std::string> {};
TEST_P(BadAddress, is_refused) {
  EXPECT_FALSE(check_mail_address(GetParam()).has_value());
}
INSTANTIATE_TEST_SUITE_P(MailAddress, BadAddress,
                         testing::Values("", "li", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "<a@b>",
                                         "a@b,c@d", "\"a\"@b", "李@b"));

TEST(MailAddress, one_of_more_than_254_bytes_is_refused) {
  EXPECT_FALSE(check_mail_address(std::string(250, 'a') + "@b.cn").has_value());
}

TEST(MailAddress, usual_ones_are_taken) {
  EXPECT_TRUE(check_mail_address("li.wei+alarm@plant-1.example").has_value());
}

TEST(MailAddress, a_list_keeps_its_order_ignores_blanks_and_repetitions) {
  EXPECT_THAT(parse_mail_addresses("li@a.cn, wang@a.cn ,li@a.cn").value(),
              ElementsAre("li@a.cn", "wang@a.cn"));
  EXPECT_THAT(parse_mail_addresses(" ").value(), ElementsAre());
}

TEST(MailAddress, the_bad_one_of_a_list_is_shown) {
  EXPECT_EQ(parse_mail_addresses("li@a.cn; wang").error().what,
            "'li@a.cn; wang' is not a mail address: blanks, control and non-ASCII characters are "
            "refused");
  EXPECT_EQ(parse_mail_addresses("li@a.cn,,wang@a.cn").error().what,
            "'' is not a mail address: one @ belongs in it");
}

TEST(MailAddress, a_list_has_a_limit) {
  std::string many;
  for (int i = 0; i < 51; ++i) many += (i == 0 ? "a" : ",a") + std::to_string(i) + "@b.cn";

  EXPECT_THAT(parse_mail_addresses(many).error().what, HasSubstr("51 addresses; at most 50"));
}

}  // namespace
}  // namespace wl
