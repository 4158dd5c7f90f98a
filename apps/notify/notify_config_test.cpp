#include "apps/notify/notify_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/notify/notify_rig.hpp"

namespace wl {
namespace {

using alarm::Language;
using alarm::Level;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

struct NotifyFile : testing::Test {
  NotifyRig rig;

  NotifyConfig with(const std::string& text) {
    rig.write("config/notify.json", text);
    return load_notify_config(rig.settings).value();
  }
  std::string mistake(const std::string& text) {
    rig.write("config/notify.json", text);
    return load_notify_config(rig.settings).error().what;
  }
};

TEST_F(NotifyFile, of_the_release_is_right_and_changes_no_default) {
  const NotifyConfig config = load_notify_config(rig.settings).value();

  EXPECT_TRUE(config.wanted());
  EXPECT_THAT(config.languages, ElementsAre(Language::zh_cn));
  EXPECT_EQ(config.policy.escalate_after, std::chrono::minutes{15});
  EXPECT_EQ(config.policy.storm_more_than, 10u);
  EXPECT_FALSE(config.webhook);
}

TEST_F(NotifyFile, may_be_missing) {
  std::filesystem::remove(rig.settings.notify_config());
  rig.settings.email_rate_limit = std::chrono::minutes{3};

  const NotifyConfig config = load_notify_config(rig.settings).value();

  EXPECT_EQ(config.policy.rate_limit, std::chrono::minutes{3});
  EXPECT_THAT(config.recipients_of(conveyor_letter(1, Level::warning)),
              ElementsAre("li@plant.example"));
}

TEST_F(NotifyFile, every_mistake_is_told_at_once_with_line_and_key) {
  const std::string text = mistake(
      "{\n\"languages\": [\"zh\", \"de\"],\n\"from\": \"alarm\",\n\"escalate_after\": \"30s\",\n"
      "\"storm\": {\"more_than\": 0},\n\"smtpp\": {},\n\"recipients\": {\"warning\": [\"a "
      "b@c\"]}}");

  EXPECT_THAT(text, HasSubstr("config/notify.json:2: /languages/1: 'de' is neither zh nor en"));
  EXPECT_THAT(text, HasSubstr("config/notify.json:3: /from: 'alarm' is not a mail address"));
  EXPECT_THAT(text, HasSubstr("config/notify.json:4: /escalate_after: '30s' is outside 1min to"));
  EXPECT_THAT(text, HasSubstr("config/notify.json:5: /storm/more_than: 0 is outside 1 to 1000"));
  EXPECT_THAT(text, HasSubstr("config/notify.json:6: "));
  EXPECT_THAT(text, HasSubstr("did you mean 'smtp'"));
  EXPECT_THAT(text, HasSubstr("config/notify.json:7: /recipients/warning/0: 'a b@c' is not a"));
}

TEST_F(NotifyFile, a_webhook_needs_an_address_and_headers_that_are_one_line) {
  const std::string text = mistake(
      "{\"webhook\": {\n\"url\": \"ftp://x\",\n"
      "\"headers\": {\"X Y\": \"1\", \"Z\": \"a\\r\\nb\"}}}");

  EXPECT_THAT(text, HasSubstr("config/notify.json:2: /webhook/url: want http://host/"));
  EXPECT_THAT(text, HasSubstr("config/notify.json:3: /webhook/headers/X Y: 'X Y' is not the name"));
  EXPECT_THAT(text, HasSubstr("/webhook/headers/Z: want a text of printable ASCII"));
  EXPECT_THAT(mistake("{\"webhook\": {}}"), HasSubstr("'url' is missing"));
}

TEST_F(NotifyFile, an_authority_that_does_not_exist_is_named) {
  EXPECT_THAT(mistake("{\"smtp\": {\"ca_file\": \"config/none.pem\"}}"),
              HasSubstr("config/notify.json:1: /smtp/ca_file: there is no file /"));
}

TEST_F(NotifyFile, a_webhook_alone_is_wanted_too) {
  rig.settings.email_enabled = false;
  const NotifyConfig config = with(
      "{\"webhook\": {\"url\": \"https://h.example/x\", \"language\": \"en\","
      " \"headers\": {\"Authorization\": \"Bearer k\"}}, \"escalate_after\": \"0\"}");

  EXPECT_TRUE(config.wanted());
  EXPECT_EQ(config.webhook->language, Language::en);
  EXPECT_THAT(config.webhook->call.headers, ElementsAre("Authorization: Bearer k"));
  EXPECT_EQ(config.policy.escalate_after, Milliseconds{0});
}

TEST_F(NotifyFile, nobody_is_told_without_mail_and_webhook) {
  rig.settings.email_enabled = false;

  EXPECT_FALSE(with("{}").wanted());
}

TEST_F(NotifyFile, levels_have_recipients_of_their_own) {
  const NotifyConfig config =
      with("{\"recipients\": {\"critical\": [\"c@d.cn\"], \"escalation\": [\"boss@d.cn\"]}}");
  alarm::notify::Letter escalation = conveyor_letter(1, Level::critical);
  escalation.kind = alarm::notify::LetterKind::escalation;

  EXPECT_THAT(config.recipients_of(conveyor_letter(1, Level::warning)),
              ElementsAre("li@plant.example"));
  EXPECT_THAT(config.recipients_of(conveyor_letter(1, Level::critical)), ElementsAre("c@d.cn"));
  EXPECT_THAT(config.recipients_of(escalation), ElementsAre("c@d.cn", "boss@d.cn"));
}

TEST_F(NotifyFile, who_was_told_of_a_warning_is_told_when_it_is_over_as_critical) {
  const NotifyConfig config = with("{\"recipients\": {\"critical\": [\"c@d.cn\"]}}");

  EXPECT_THAT(config.recipients_of(conveyor_return(1, Level::critical)),
              ElementsAre("c@d.cn", "li@plant.example"));
  EXPECT_THAT(config.recipients_of(conveyor_return(1, Level::warning)),
              ElementsAre("li@plant.example"));
}

TEST_F(NotifyFile, a_letter_that_speaks_of_no_level_is_for_everybody) {
  const NotifyConfig config =
      with("{\"recipients\": {\"critical\": [\"c@d.cn\"], \"escalation\": [\"boss@d.cn\"]}}");
  alarm::notify::Letter flood_begins = conveyor_letter(1, Level::warning);
  flood_begins.by_level = {};

  EXPECT_THAT(config.recipients_of(flood_begins),
              UnorderedElementsAre("c@d.cn", "li@plant.example", "boss@d.cn"));
}

TEST_F(NotifyFile, the_sender_is_the_login_or_a_name_beside_the_first_recipient) {
  EXPECT_EQ(with("{}").from, "wattline@plant.example");
  rig.settings.smtp_username = "alarm@plant.example";
  EXPECT_EQ(with("{}").from, "alarm@plant.example");
  EXPECT_EQ(with("{\"from\": \"line1@plant.example\"}").from, "line1@plant.example");
}

TEST_F(NotifyFile, the_port_decides_how_mail_is_encrypted) {
  EXPECT_EQ(with("{}").smtp->tls, mail::Tls::none);
  rig.settings.smtp_use_tls = true;
  EXPECT_EQ(with("{}").smtp->tls, mail::Tls::starttls);
  rig.settings.smtp_port = 465;
  EXPECT_EQ(with("{}").smtp->tls, mail::Tls::implicit);
}

}  // namespace
}  // namespace wl
