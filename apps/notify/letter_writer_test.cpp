#include "apps/notify/letter_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>

#include "apps/notify/notify_rig.hpp"

namespace wl {
namespace {

using alarm::Level;
using alarm::notify::Letter;
using alarm::notify::LetterKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto with_webhook =
    "{\"languages\": [\"en\"], \"webhook\": {\"url\": \"http://h.example/x?key=secret\"}}";

struct Writer : testing::Test {
  NotifyRig rig;

  mail::Mail composed(const Letter& letter) {
    return rig.writer().value().compose(letter, word(letter.kind), 0).value();
  }
  void speak(const std::string& languages) {
    rig.write("config/notify.json", "{\"languages\": [" + languages + "]}");
  }
};

TEST_F(Writer, an_alarm_in_chinese) {
  const mail::Mail mail = composed(conveyor_letter(7, Level::critical));

  EXPECT_EQ(mail.subject, "[严重] 上料传送带 power_kw 为 4.2 kW，高于上限 3 kW");
  EXPECT_EQ(mail.text,
            "上料传送带 power_kw 为 4.2 kW，高于上限 3 kW\n"
            "\n"
            "级别：严重\n"
            "设备：上料传送带\n"
            "测点：power_kw\n"
            "开始：2023-11-14 22:13:20\n"
            "状态：未确认\n"
            "次数：合并 5 次\n"
            "\n"
            "--\n"
            "示范线 · 2023-11-14 22:14:20\n"
            "此邮件由 Wattline 自动发送，请勿回复。\n");
  EXPECT_EQ(mail.from_name, "示范线");
  EXPECT_TRUE(mail.urgent);
}

TEST_F(Writer, its_end_in_english) {
  speak("\"en\"");

  const mail::Mail mail = composed(conveyor_return(8, Level::warning));

  EXPECT_EQ(mail.subject, "[Over] Infeed conveyor: power_kw is 4.2 kW, above the limit 3 kW");
  EXPECT_EQ(mail.text,
            "This alarm is over: Infeed conveyor: power_kw is 4.2 kW, above the limit 3 kW\n"
            "\n"
            "Since:   2023-11-14 22:13:20\n"
            "Until:   2023-11-14 22:14:20\n"
            "Level:   Warning\n"
            "Reports: 5 reports in one\n"
            "\n"
            "--\n"
            "Demo line · 2023-11-14 22:14:20\n"
            "Sent by Wattline; nobody reads answers to this mail.\n");
  EXPECT_THAT(mail.html, HasSubstr("<h2 style=\"font-size:1.1em\">Back to normal</h2>"));
  EXPECT_FALSE(mail.urgent);
}

TEST_F(Writer, a_storm_in_chinese_has_counts_and_what_is_left_out) {
  Letter storm = conveyor_letter(9, Level::critical);
  storm.kind = LetterKind::digest;
  storm.alarms = 12;
  storm.returned = 2;
  storm.by_level = {11, 1, 0};
  storm.by_device["conveyor"] = 12;
  storm.settled = 3;

  const mail::Mail mail = composed(storm);

  EXPECT_EQ(mail.subject, "[严重] 12 个报警，10 个仍在持续");
  EXPECT_THAT(mail.text, HasSubstr("按级别： 严重 1 警告 11\n按设备： 上料传送带 12\n"));
  EXPECT_THAT(mail.text, HasSubstr("（2023-11-14 22:13:20，未确认）合并 5 次\n……以及另外 11 个。"));
  EXPECT_THAT(mail.text, HasSubstr("另有 3 条报告在发送前已恢复或已有人处理"));
}

TEST_F(Writer, an_escalation_says_how_long_nobody_came) {
  Letter escalation = conveyor_letter(9, Level::emergency);
  escalation.kind = LetterKind::escalation;
  escalation.waited = std::chrono::minutes{15};

  EXPECT_EQ(composed(escalation).subject,
            "[升级] 1 个报警 15 分钟无人确认：上料传送带 power_kw 为 4.2 kW，高于上限 3 kW");
}

TEST_F(Writer, two_languages_are_one_mail_and_the_first_gives_the_subject) {
  speak("\"en\", \"zh\"");

  const mail::Mail mail = composed(conveyor_letter(7, Level::critical));

  EXPECT_THAT(mail.subject, HasSubstr("[Critical] Infeed conveyor"));
  EXPECT_LT(mail.text.find("Level:   Critical"), mail.text.find("级别：严重"));
  EXPECT_THAT(mail.html, HasSubstr("<hr>\n"));
  EXPECT_EQ(mail.from_name, "Demo line");
}

TEST_F(Writer, times_are_those_of_the_plant) {
  rig.plant.time_zone = "Asia/Shanghai";

  EXPECT_THAT(composed(conveyor_letter(7, Level::warning)).text,
              HasSubstr("开始：2023-11-15 06:13:20\n"));
}

TEST_F(Writer, what_the_outbox_lost_is_told) {
  const auto mail = rig.writer().value().compose(conveyor_letter(7, Level::warning), "alarm", 4);

  EXPECT_THAT(mail.value().text, HasSubstr("有 4 封通知因发件箱已满而丢失"));
}

TEST_F(Writer, a_name_with_html_in_it_stays_a_name) {
  rig.plant.devices[0].name.zh_cn = "<b>带</b>";

  EXPECT_THAT(composed(conveyor_letter(7, Level::warning)).html,
              HasSubstr("&lt;b&gt;带&lt;/b&gt; power_kw"));
}

TEST_F(Writer, every_recipient_gets_a_letter_of_his_own_the_same_after_a_restart) {
  rig.settings.alert_email_recipients = "li@plant.example,wang@plant.example";

  const auto first = rig.writer().value().write(conveyor_letter(7, Level::critical), 0);
  const auto again = rig.writer().value().write(conveyor_letter(7, Level::critical), 0);

  ASSERT_EQ(first.letters.size(), 2u);
  EXPECT_EQ(first.letters[0].to, "li@plant.example");
  EXPECT_EQ(first.letters[1].part, 1u);
  EXPECT_THAT(first.letters[1].body, HasSubstr("Message-ID: <7-1@plant.example>"));
  EXPECT_THAT(first.letters[0].body, HasSubstr("Subject: =?UTF-8?B?W+S4pemHjV0g"));
  EXPECT_EQ(first.letters, again.letters);
  EXPECT_THAT(first.problems, IsEmpty());
}

TEST_F(Writer, a_webhook_gets_json_with_numbers) {
  rig.settings.email_enabled = false;
  rig.write("config/notify.json", with_webhook);
  Letter letter = conveyor_letter(7, Level::critical);
  letter.lines.push_back(letter.lines[0]);
  letter.lines[1].record.actual_value = std::numeric_limits<double>::quiet_NaN();

  const auto written = rig.writer().value().write(letter, 0);

  ASSERT_EQ(written.letters.size(), 1u);
  const boost::json::value body = boost::json::parse(written.letters[0].body);
  EXPECT_EQ(body.at("kind").as_string(), "alarm");
  EXPECT_EQ(body.at("id").as_string(), "7");
  EXPECT_EQ(body.at("lines").at(0).at("value").to_number<double>(), 4.2);
  EXPECT_TRUE(body.at("lines").at(1).at("value").is_null());
  EXPECT_EQ(body.at("lines").at(0).at("since").as_string(), "2023-11-14T22:13:20.000Z");
  EXPECT_EQ(written.letters[0].subject, "webhook h.example (alarm)");
}

TEST_F(Writer, a_test_mail_says_that_it_is_one) {
  const auto mail = rig.writer().value().test_mail("li@plant.example", alarm::at(0)).value();

  EXPECT_EQ(mail.subject, "[测试] 示范线：邮件通知正常");
  EXPECT_EQ(mail.to, "li@plant.example");
  EXPECT_THAT(mail.text, HasSubstr("在 2023-11-14 22:13:20 发送"));
  EXPECT_TRUE(mail::build_mail(mail));
}

TEST_F(Writer, broken_templates_are_named_with_file_and_line_all_at_once) {
  rig.write("config/mail/zh/alarm.txt", "x\n{{#lines}}\n{{mesage}}\n{{/lines}}\n");
  rig.write("config/mail/zh/end.html", "<p>\n{{plnt}}");

  EXPECT_EQ(rig.writer().error().what,
            "config/mail/zh/alarm.txt:3: nothing is called 'mesage'; did you mean 'message'?\n"
            "config/mail/zh/end.html:2: nothing is called 'plnt'; did you mean 'plant'?");
}

TEST_F(Writer, a_template_that_is_missing_or_not_closed_is_named) {
  std::filesystem::remove(rig.folder.path / "config/mail/zh/digest.subject");
  rig.write("config/mail/zh/returned.txt", "{{#lines}}\n");

  EXPECT_EQ(rig.writer().error().what,
            "config/mail/zh/returned.txt:2: '{{#lines}}' is not closed\n"
            "config/mail/zh/digest.subject: is missing; take it from the release of Wattline");
}

TEST_F(Writer, a_webhook_template_that_makes_no_json_is_a_mistake) {
  rig.write("config/notify.json", with_webhook);
  rig.write("config/webhook.json.template",
            "{\n\"lines\": [{{#lines}}{\"id\": {{id}}}\n{{/lines}}]}\n");

  EXPECT_THAT(rig.writer().error().what,
              HasSubstr("config/webhook.json.template: what it makes of 'alarm' is no JSON: "));
  EXPECT_THAT(rig.writer().error().what, HasSubstr("in line 3 of it, '{\"id\": 1}'"));
}

}  // namespace
}  // namespace wl
