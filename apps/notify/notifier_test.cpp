// Against real servers of Python: aiosmtpd and http.server.
#include "apps/notify/notifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "apps/notify/notify_rig.hpp"
#include "mail/testing/peer.hpp"

namespace wl {
namespace {

using alarm::Level;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using namespace std::chrono_literals;

struct Notifying : testing::Test {
  NotifyRig rig;
  BoundedQueue<std::uint64_t> posted{100, WhenFull::refuse};

  std::unique_ptr<Notifier> start() {
    return std::make_unique<Notifier>(rig.settings, rig.plant,
                                      [this](std::uint64_t id) { posted.push(id); });
  }
  /// Within 20 s.
  bool is_posted(std::uint64_t id) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end) {
      const auto ids = posted.drain(1s);
      if (!ids.empty() && ids.back() == id) return true;
    }
    return false;
  }
  std::string waiting(std::uint64_t id) const {
    const auto letters = mail::read_letters(rig.settings.outbox_dir(), 100);
    return std::to_string(std::ranges::count(letters.value(), id, &mail::OutboxLetter::id));
  }
  static boost::json::value mail_at(mail::Peer& peer) { return boost::json::parse(peer.line()); }
};

TEST_F(Notifying, an_alarm_reaches_a_mailbox_as_it_was_meant) {
  mail::Peer peer({"smtp"});
  rig.settings.smtp_port = peer.port();
  const auto notifier = start();

  notifier->take({conveyor_letter(7, Level::critical)});
  const boost::json::value mail = mail_at(peer);

  EXPECT_TRUE(is_posted(7));
  EXPECT_EQ(mail.at("subject").as_string(), "[严重] 上料传送带 power_kw 为 4.2 kW，高于上限 3 kW");
  EXPECT_EQ(mail.at("to").at(0).as_string(), "li@plant.example");
  EXPECT_EQ(mail.at("header_from").as_string(), "示范线 <wattline@plant.example>");
  EXPECT_THAT(std::string(mail.at("text").as_string()), HasSubstr("开始：2023-11-14 22:13:20"));
  EXPECT_THAT(std::string(mail.at("html").as_string()),
              HasSubstr("<td>上料传送带（power_kw）</td>"));
  EXPECT_EQ(mail.at("defects").as_array().size(), 0u);
}

TEST_F(Notifying, a_dead_mail_server_delays_neither_take_nor_posted) {
  rig.settings.smtp_port = 1;
  const auto notifier = start();

  const auto begin = std::chrono::steady_clock::now();
  notifier->take({conveyor_letter(7, Level::critical), conveyor_letter(8, Level::warning)});
  const auto taken = std::chrono::steady_clock::now() - begin;

  EXPECT_LT(taken, 100ms);
  EXPECT_TRUE(is_posted(8));
  EXPECT_EQ(waiting(7) + waiting(8), "11");
}

TEST_F(Notifying, a_letter_that_is_given_again_after_a_kill_is_one_mail) {
  rig.settings.smtp_port = 1;
  {
    const auto killed = start();
    killed->take({conveyor_letter(7, Level::critical)});
    EXPECT_TRUE(is_posted(7));
  }
  mail::Peer peer({"smtp"});
  rig.settings.smtp_port = peer.port();
  const auto notifier = start();

  notifier->take({conveyor_letter(7, Level::critical), conveyor_letter(8, Level::warning)});

  EXPECT_EQ(mail_at(peer).at("id").as_string(), "<7-0@plant.example>");
  EXPECT_EQ(mail_at(peer).at("id").as_string(), "<8-0@plant.example>");
}

TEST_F(Notifying, what_was_taken_is_on_disk_after_a_stop) {
  rig.settings.smtp_port = 1;
  const auto notifier = start();

  notifier->take({conveyor_letter(7, Level::critical)});
  notifier->stop();

  EXPECT_EQ(waiting(7), "1");
  EXPECT_TRUE(is_posted(7));
}

TEST_F(Notifying, a_disk_that_refuses_is_told_and_tried_again) {
  rig.settings.smtp_port = 1;
  const auto notifier = start();
  const auto outbox = rig.settings.outbox_dir();
  std::filesystem::rename(outbox, rig.folder.path / "away");

  notifier->take({conveyor_letter(7, Level::critical)});
  EXPECT_EQ(posted.drain(3s).size(), 0u);
  EXPECT_THAT(notifier->figures().details(),
              Contains(Pair("outbox_last_error", HasSubstr("outbox"))));
  std::filesystem::rename(rig.folder.path / "away", outbox);

  EXPECT_TRUE(is_posted(7));
  EXPECT_EQ(notifier->figures().disk_error, "");
}

TEST_F(Notifying, a_webhook_is_called_beside_the_mail) {
  mail::Peer hook({"http"});
  rig.settings.smtp_port = 1;
  rig.write("config/notify.json",
            "{\"webhook\": {\"url\": \"http://127.0.0.1:" + std::to_string(hook.port()) +
                "/hook\", \"headers\": {\"X-Line\": \"1\"}}}");
  const auto notifier = start();

  notifier->take({conveyor_letter(7, Level::critical)});
  const boost::json::value call = mail_at(hook);

  EXPECT_EQ(call.at("body").at("message").as_string(),
            "上料传送带 power_kw 为 4.2 kW，高于上限 3 kW");
  EXPECT_EQ(call.at("headers").at("X-Line").as_string(), "1");
}

TEST_F(Notifying, without_anybody_to_tell_nothing_is_started) {
  rig.settings.email_enabled = false;

  const auto notifier = start();

  EXPECT_FALSE(notifier->wanted());
  EXPECT_FALSE(std::filesystem::exists(rig.settings.outbox_dir()));
  EXPECT_THAT(notifier->figures().details(), Contains(Pair("notification", "off")));
}

TEST_F(Notifying, a_broken_template_stops_the_start) {
  rig.write("config/mail/zh/alarm.subject", "\n{{levl}}\n");

  std::string said;
  try {
    start();
  } catch (const StartError& error) {
    said = error.what();
  }
  EXPECT_THAT(said, HasSubstr("config/mail/zh/alarm.subject:2: nothing is called 'levl'"));
}

}  // namespace
}  // namespace wl
