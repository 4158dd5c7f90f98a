// The sender against real servers of Python: aiosmtpd and http.server.
#include "mail/sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/durable_file.hpp"
#include "mail/mime.hpp"
#include "mail/testing/folder.hpp"
#include "mail/testing/peer.hpp"

namespace wl::mail {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

OutboxLetter mail_letter(std::uint64_t id, bool urgent = false) {
  Mail mail;
  mail.from = "alarm@plant.example";
  mail.from_name = "示范生产线";
  mail.to = "li@plant.example";
  mail.subject = "[紧急] 上料传送带 power_kw 为 4.2 kW，高于上限 3 kW，请立即检查电机和负载";
  mail.text = "第一行\n.\nsecond line\n";
  mail.html = "<p>第一行</p>";
  mail.id = std::to_string(id) + "-0";
  mail.date = from_unix_ms(1'700'000'000'000);
  mail.urgent = urgent;
  OutboxLetter letter;
  letter.id = id;
  letter.urgent = urgent;
  letter.from = mail.from;
  letter.to = mail.to;
  letter.subject = mail.subject;
  letter.created_at = wall_now();
  letter.body = build_mail(mail).value();
  return letter;
}

OutboxLetter webhook_letter(std::uint64_t id) {
  OutboxLetter letter;
  letter.id = id;
  letter.channel = Channel::webhook;
  letter.created_at = wall_now();
  letter.body = R"({"text": "高"})";
  return letter;
}

/// Waits for what the sender's thread does; false after 20 s.
template <class Condition>
bool within_20_s(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

struct Sender : testing::Test {
  Folder folder;
  Outbox outbox = Outbox::open(folder.path).value();
  SenderOptions options;

  Sender() {
    options.folder = folder.path;
    options.first_pause = 100ms;
    options.longest_pause = 400ms;
    options.look_every = 100ms;
  }
  void to_smtp(std::uint16_t port) {
    options.smtp = SmtpServer{};
    options.smtp->host = "127.0.0.1";
    options.smtp->port = port;
    options.smtp->tls = Tls::none;
  }
  void to_http(std::uint16_t port) {
    options.webhook = Webhook{};
    options.webhook->url = "http://127.0.0.1:" + std::to_string(port) + "/hook?token=secret";
  }
  std::string subject_of(const std::string& line) {
    return std::string(boost::json::parse(line).at("subject").as_string());
  }
  std::string id_of(const std::string& line) {
    return std::string(boost::json::parse(line).at("id").as_string());
  }
};

TEST_F(Sender, python_reads_the_mail_as_it_was_meant) {
  Peer peer({"smtp"});
  to_smtp(peer.port());
  outbox.post(mail_letter(7, true)).value();
  const OutboxSender sender(options);

  const boost::json::value mail = boost::json::parse(peer.line());

  EXPECT_EQ(mail.at("subject").as_string(), mail_letter(7).subject.c_str());
  EXPECT_EQ(mail.at("text").as_string(), "第一行\r\n.\r\nsecond line\r\n");
  EXPECT_EQ(mail.at("html").as_string(), "<p>第一行</p>");
  EXPECT_EQ(mail.at("header_from").as_string(), "示范生产线 <alarm@plant.example>");
  EXPECT_EQ(mail.at("to").at(0).as_string(), "li@plant.example");
  EXPECT_EQ(mail.at("importance").as_string(), "high");
  EXPECT_EQ(mail.at("defects").as_array().size(), 0u);
  EXPECT_LE(mail.at("longest_line").as_int64(), 78);
}

TEST_F(Sender, what_is_sent_leaves_the_outbox_and_is_counted) {
  Peer peer({"smtp"});
  to_smtp(peer.port());
  outbox.post(mail_letter(7)).value();
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return sender.status().sent == 1; }));
  EXPECT_EQ(sender.status().pending, 0u);
  EXPECT_THAT(folder.names(".letter"), ElementsAre());
}

TEST_F(Sender, urgent_letters_go_first) {
  Peer peer({"smtp"});
  to_smtp(peer.port());
  outbox.post(mail_letter(1)).value();
  outbox.post(mail_letter(2, true)).value();
  const OutboxSender sender(options);

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<2-0@"));
  EXPECT_THAT(id_of(peer.line()), HasSubstr("<1-0@"));
}

TEST_F(Sender, a_dead_server_costs_nothing_but_time) {
  std::uint16_t port = 0;
  {
    Peer once({"smtp"});
    port = once.port();
  }
  to_smtp(port);
  outbox.post(mail_letter(7)).value();
  OutboxSender sender(options);
  EXPECT_TRUE(within_20_s([&] { return !sender.status().last_error.empty(); }));
  EXPECT_THAT(sender.status().last_error, HasSubstr("check SMTP_SERVER, SMTP_PORT"));
  EXPECT_EQ(sender.status().pending, 1u);

  Peer peer({"smtp", "--port", std::to_string(port)});

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<7-0@"));
  EXPECT_TRUE(within_20_s([&] { return sender.status().last_error.empty(); }));
}

TEST_F(Sender, a_silent_server_never_blocks_post_and_stop_does_not_wait_for_it) {
  Peer peer({"smtp", "--delay", "15"});
  to_smtp(peer.port());
  outbox.post(mail_letter(1)).value();
  OutboxSender sender(options);
  EXPECT_EQ(peer.line(), "CONNECTED");

  const auto begin = std::chrono::steady_clock::now();
  outbox.post(mail_letter(2)).value();
  sender.wake();
  const auto posted = std::chrono::steady_clock::now();
  sender.stop();

  EXPECT_LT(posted - begin, 2s);
  EXPECT_LT(std::chrono::steady_clock::now() - posted, 5s);
  EXPECT_EQ(folder.names(".letter").size(), 2u);
}

TEST_F(Sender, a_server_that_answers_after_ten_seconds_gets_its_mail) {
  Peer peer({"smtp", "--delay", "10"});
  to_smtp(peer.port());
  outbox.post(mail_letter(1)).value();
  const OutboxSender sender(options);

  EXPECT_EQ(peer.line(), "CONNECTED");
  EXPECT_THAT(id_of(peer.line()), HasSubstr("<1-0@"));
}

TEST_F(Sender, a_refused_letter_is_put_aside_with_the_reason_and_the_next_one_goes) {
  Peer peer({"smtp", "--reply", "550 5.1.1 no such user", "--first", "1"});
  to_smtp(peer.port());
  outbox.post(mail_letter(1)).value();
  outbox.post(mail_letter(2)).value();
  const OutboxSender sender(options);

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<2-0@"));
  ASSERT_THAT(folder.names(".letter", "failed"), ElementsAre(file_name(mail_letter(1))));
  const auto kept = read_file(folder.path / "failed" / file_name(mail_letter(1)));
  EXPECT_THAT(parse_letter(kept.value()).value().reason,
              HasSubstr("at step 'recipient': 550 5.1.1 no such user; check the address"));
}

TEST_F(Sender, greylisting_delays_one_letter_only) {
  Peer peer({"smtp", "--reply", "451 4.7.1 try again later", "--first", "1"});
  to_smtp(peer.port());
  options.first_pause = 1s;
  outbox.post(mail_letter(1)).value();
  outbox.post(mail_letter(2)).value();
  OutboxSender sender(options);

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<2-0@"));
  EXPECT_THAT(id_of(peer.line()), HasSubstr("<1-0@"));
  EXPECT_TRUE(within_20_s([&] { return sender.status().sent == 2; }));
  EXPECT_EQ(sender.status().failed, 0u);
}

TEST_F(Sender, a_right_login_is_taken) {
  Peer peer({"smtp", "--login", "alarm:right"});
  to_smtp(peer.port());
  options.smtp->username = "alarm";
  options.smtp->password = "right";
  outbox.post(mail_letter(1)).value();
  const OutboxSender sender(options);

  EXPECT_EQ(boost::json::parse(peer.line()).at("login").as_string(), "alarm");
}

TEST_F(Sender, a_wrong_password_keeps_the_letters_and_says_what_to_check) {
  Peer peer({"smtp", "--login", "alarm:right"});
  to_smtp(peer.port());
  options.smtp->username = "alarm";
  options.smtp->password = "wrong-password";
  outbox.post(mail_letter(1)).value();
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return !sender.status().last_error.empty(); }));
  EXPECT_THAT(sender.status().last_error, HasSubstr("check SMTP_USERNAME and SMTP_PASSWORD"));
  EXPECT_THAT(sender.status().last_error, testing::Not(HasSubstr("wrong-password")));
  EXPECT_EQ(sender.status().pending, 1u);
}

TEST_F(Sender, without_starttls_nothing_is_sent_when_it_is_required) {
  Peer peer({"smtp"});
  to_smtp(peer.port());
  options.smtp->tls = Tls::starttls;
  outbox.post(mail_letter(1)).value();
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return !sender.status().last_error.empty(); }));
  EXPECT_THAT(sender.status().last_error, HasSubstr("offers no STARTTLS"));
}

TEST_F(Sender, who_asks_for_it_does_not_wait_for_the_next_try) {
  std::uint16_t port = 0;
  {
    Peer once({"smtp"});
    port = once.port();
  }
  to_smtp(port);
  options.first_pause = 10min;
  options.longest_pause = 10min;
  outbox.post(mail_letter(7)).value();
  OutboxSender sender(options);
  EXPECT_TRUE(within_20_s([&] { return !sender.status().last_error.empty(); }));
  Peer peer({"smtp", "--port", std::to_string(port)});

  ASSERT_TRUE(ask_to_retry(folder.path));

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<7-0@"));
  EXPECT_FALSE(take_retry_request(folder.path));
}

TEST_F(Sender, a_webhook_gets_the_headers_that_it_wants) {
  Peer peer({"http"});
  to_http(peer.port());
  options.webhook->headers = {"Authorization: Bearer k7", "X-Line: 1"};
  outbox.post(webhook_letter(1)).value();
  const OutboxSender sender(options);

  const boost::json::value call = boost::json::parse(peer.line());

  EXPECT_EQ(call.at("headers").at("Authorization").as_string(), "Bearer k7");
  EXPECT_EQ(call.at("headers").at("X-Line").as_string(), "1");
  EXPECT_EQ(call.at("type").as_string(), "application/json; charset=utf-8");
}

TEST_F(Sender, a_webhook_is_called_again_after_500) {
  Peer peer({"http", "--status", "500", "--first", "1"});
  to_http(peer.port());
  outbox.post(webhook_letter(1)).value();
  OutboxSender sender(options);

  const boost::json::value call = boost::json::parse(peer.line());

  EXPECT_EQ(call.at("body").at("text").as_string(), "高");
  EXPECT_EQ(call.at("path").as_string(), "/hook?token=secret");
  EXPECT_TRUE(within_20_s([&] { return sender.status().sent == 1; }));
}

TEST_F(Sender, a_webhook_that_says_404_is_put_aside_and_its_secret_is_not_told) {
  Peer peer({"http", "--status", "404"});
  to_http(peer.port());
  outbox.post(webhook_letter(1)).value();
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return sender.status().failed == 1; }));
  EXPECT_THAT(sender.status().last_error, HasSubstr("answers 404"));
  EXPECT_THAT(sender.status().last_error, testing::Not(HasSubstr("secret")));
}

TEST_F(Sender, a_dead_mail_server_does_not_delay_a_webhook) {
  Peer peer({"http"});
  to_http(peer.port());
  to_smtp(1);
  outbox.post(mail_letter(1, true)).value();
  outbox.post(webhook_letter(2)).value();
  OutboxSender sender(options);

  EXPECT_EQ(boost::json::parse(peer.line()).at("body").at("text").as_string(), "高");
  EXPECT_TRUE(within_20_s([&] { return sender.status().sent == 1; }));
  EXPECT_THAT(sender.status().last_error, HasSubstr("check SMTP_SERVER"));
}

TEST_F(Sender, what_waits_is_seen_while_a_silent_server_is_asked) {
  Peer peer({"smtp", "--delay", "15"});
  to_smtp(peer.port());
  OutboxSender sender(options);
  outbox.post(mail_letter(1)).value();
  sender.wake();

  EXPECT_EQ(peer.line(), "CONNECTED");
  EXPECT_EQ(sender.status().pending, 1u);
}

TEST_F(Sender, a_damaged_file_is_moved_and_named) {
  const std::string name = file_name(mail_letter(1));
  write_file(folder.path / name, "wattline-outbox 1 garbage\n{}\n", Durability::visible).value();
  to_smtp(1);
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return sender.status().quarantined == 1; }));
  EXPECT_THAT(sender.status().last_error, HasSubstr(name));
  EXPECT_THAT(folder.names(".letter", "quarantine"), ElementsAre(name));
}

TEST_F(Sender, what_was_sent_before_a_crash_is_removed_and_not_sent_again) {
  Peer peer({"smtp"});
  to_smtp(peer.port());
  outbox.post(mail_letter(1)).value();
  outbox.post(mail_letter(2)).value();
  SenderRecord record;
  record.remember(file_name(mail_letter(1)));
  write_record(folder.path, record).value();
  const OutboxSender sender(options);

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<2-0@"));
  EXPECT_TRUE(within_20_s([&] { return folder.names(".letter").empty(); }));
}

TEST_F(Sender, what_a_day_did_not_deliver_is_put_aside) {
  to_smtp(1);
  options.first_pause = 10ms;
  options.longest_pause = 10ms;
  OutboxLetter old = mail_letter(1);
  old.created_at -= std::chrono::hours(25);
  outbox.post(old).value();
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return sender.status().failed == 1; }));
  EXPECT_THAT(sender.status().last_error, HasSubstr("not delivered in a day"));
}

TEST_F(Sender, all_that_a_dead_server_kept_for_a_day_is_put_aside) {
  to_smtp(1);
  options.first_pause = 10ms;
  options.longest_pause = 10ms;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    OutboxLetter old = mail_letter(id);
    old.created_at -= std::chrono::hours(25);
    outbox.post(old).value();
  }
  OutboxSender sender(options);

  EXPECT_TRUE(within_20_s([&] { return sender.status().failed == 3; }));
}

TEST_F(Sender, a_letter_at_which_the_server_hangs_up_does_not_hold_up_the_others) {
  Peer peer({"smtp", "--hang-up-at", "<1-0@"});
  to_smtp(peer.port());
  options.first_pause = 50ms;
  options.longest_pause = 50ms;
  outbox.post(mail_letter(1, true)).value();
  outbox.post(mail_letter(2)).value();
  OutboxSender sender(options);

  EXPECT_THAT(id_of(peer.line()), HasSubstr("<2-0@"));
  EXPECT_TRUE(within_20_s([&] { return folder.names(".letter").size() == 1; }));
}

TEST(SenderPause, doubles_up_to_its_limit_with_jitter) {
  const SenderOptions options;

  EXPECT_EQ(pause_after(1, options, 0.5), 10s);
  EXPECT_EQ(pause_after(3, options, 0.5), 40s);
  EXPECT_EQ(pause_after(50, options, 0.5), 15min);
  EXPECT_EQ(pause_after(1, options, 0), 8s);
}

}  // namespace
}  // namespace wl::mail
