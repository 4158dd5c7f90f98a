#include "mail/mime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wl::mail {
namespace {

using testing::HasSubstr;
using testing::Not;

Mail mail() {
  Mail made;
  made.from = "alarm@plant.example";
  made.to = "li@plant.example";
  made.subject = "Conveyor";
  made.text = "power is high\n";
  made.id = "17-1";
  made.date = from_unix_ms(1'700'000'000'000);
  return made;
}

std::string built(const Mail& from) {
  const auto out = build_mail(from);
  return out ? *out : out.error().what;
}

TEST(Mime, base64_of_the_rfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Mime, dates_are_those_of_rfc_5322) {
  EXPECT_EQ(mail_date(from_unix_ms(1'700'000'000'000)), "Tue, 14 Nov 2023 22:13:20 +0000");
  EXPECT_EQ(mail_date(from_unix_ms(0)), "Thu, 01 Jan 1970 00:00:00 +0000");
}

TEST(Mime, plain_ascii_stays_as_it_is) {
  EXPECT_EQ(header_text("[Critical] Conveyor: 4.2 kW"), "[Critical] Conveyor: 4.2 kW");
}

TEST(Mime, chinese_becomes_words_that_split_no_character) {
  // 13 characters of 3 bytes fill one word of 39 bytes.
  const std::string thirteen = "一二三四五六七八九十一二三";

  EXPECT_EQ(header_text(thirteen), "=?UTF-8?B?" + base64(thirteen) + "?=");
  EXPECT_EQ(header_text("a" + thirteen), "=?UTF-8?B?" + base64("a一二三四五六七八九十一二") +
                                             "?=\r\n =?UTF-8?B?" + base64("三") + "?=");
}

TEST(Mime, what_is_not_utf8_is_replaced) {
  EXPECT_EQ(header_text("a\xFF"), "=?UTF-8?B?" + base64("a\xEF\xBF\xBD") + "?=");
  EXPECT_EQ(header_text("\xE4\xBA"), "=?UTF-8?B?" + base64("\xEF\xBF\xBD\xEF\xBF\xBD") + "?=");
}

TEST(Mime, a_long_subject_is_cut_at_a_character) {
  std::string longest;
  for (int i = 0; i < 100; ++i) longest += "电";

  EXPECT_THAT(header_text(longest), Not(HasSubstr("B?"
                                                  "?=")));
  EXPECT_EQ(header_text(longest), header_text(longest.substr(0, 198)));
}

TEST(Mime, nobody_adds_a_header_by_a_subject) {
  Mail sly = mail();
  sly.subject = "a\r\nBcc: thief@evil.example\n\nbody";

  EXPECT_THAT(built(sly), HasSubstr("\r\nSubject: a  Bcc: thief@evil.example  body\r\n"));
}

TEST(Mime, nor_by_an_address) {
  Mail sly = mail();
  sly.to = "li@plant.example\r\nBcc: thief@evil.example";

  EXPECT_THAT(built(sly), HasSubstr("is not a mail address"));
}

TEST(Mime, text_alone_is_one_part) {
  EXPECT_THAT(built(mail()), HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(built(mail()), HasSubstr("\r\n\r\n" + base64("power is high\r\n") + "\r\n"));
  EXPECT_THAT(built(mail()), HasSubstr("Message-ID: <17-1@plant.example>\r\n"));
}

TEST(Mime, text_and_html_are_alternatives) {
  Mail both = mail();
  both.html = "<p>高</p>";

  EXPECT_THAT(built(both), HasSubstr("multipart/alternative; boundary=\"wl_17-1\""));
  EXPECT_THAT(built(both), HasSubstr(base64("<p>高</p>")));
  EXPECT_THAT(built(both), testing::EndsWith("\r\n--wl_17-1--\r\n"));
}

TEST(Mime, a_mail_has_limits) {
  Mail large = mail();
  large.text.assign(300'000, 'x');

  EXPECT_THAT(built(large), HasSubstr("at most 262144 bytes"));
}

}  // namespace
}  // namespace wl::mail
