#include "apps/wattline/mail_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>

#include "apps/notify/letter_writer.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/history_words.hpp"
#include "base/host/process_state.hpp"
#include "base/mail_address.hpp"
#include "mail/outbox.hpp"
#include "mail/transport.hpp"

namespace wl::command {
namespace {

constexpr std::size_t most_shown = 20;

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// ---- test -------------------------------------------------------------------------------------

std::string encryption(const mail::SmtpServer& server) {
  if (server.tls == mail::Tls::none) return "not encrypted";
  return server.tls == mail::Tls::implicit ? "TLS from the first byte" : "STARTTLS";
}

void print_server(const NotifyConfig& config) {
  const mail::SmtpServer& server = *config.smtp;
  fmt::print("server    {}:{}, {}, {}\n", server.host, server.port, encryption(server),
             server.username.empty() ? "no login" : "login as " + server.username);
  fmt::print("from      {}\n", config.from);
  if (!config.send_mail) {
    fmt::print("note      EMAIL_ENABLED is False: until it is True, alarms send no mail\n");
  }
}

/// True when the other side took it.
bool print_sending(const mail::Sending& sending) {
  for (const mail::Step& step : sending.steps) {
    fmt::print("  ok      {:<11} {}\n", mail::word(step.stage), step.what);
  }
  const bool accepted = sending.outcome == mail::Sending::Outcome::accepted;
  if (!accepted) {
    fmt::print("  FAILED  {:<11} {}\n", mail::word(sending.stage), sending.why);
    constexpr int first_refusal = 400;  // Of SMTP and of HTTP.
    if (sending.code >= first_refusal && !sending.answer.empty())
      fmt::print("          it said     {}\n", sending.answer);
  }
  std::fflush(stdout);
  return accepted;
}

struct TestWords {
  std::string to;  ///< Empty: everybody, and the webhook.
};

bool test_mails(const LetterWriter& writer, const std::vector<std::string>& recipients) {
  const NotifyConfig& config = writer.config();
  const std::atomic<bool> stop = false;  // Ctrl-C ends the process.
  print_server(config);
  bool all_taken = true;
  for (const std::string& to : recipients) {
    fmt::print("to        {}\n", to);
    const std::string content = or_stop(build_mail(or_stop(writer.test_mail(to, wall_now()))));
    const auto sent = mail::send_mail(*config.smtp, config.from, to, content, stop);
    all_taken = print_sending(sent) && all_taken;
    // What is wrong with the server is wrong for all: once is enough to read.
    if (sent.outcome == mail::Sending::Outcome::later_all) break;
  }
  return all_taken;
}

bool test_webhook(const LetterWriter& writer) {
  const mail::Webhook& call = writer.config().webhook->call;
  const std::atomic<bool> stop = false;
  fmt::print("webhook   {}\n", mail::host_of_url(call.url));
  return print_sending(mail::call_webhook(call, or_stop(writer.test_call(wall_now())), stop));
}

int test(const std::filesystem::path& root, const TestWords& words) {
  const Settings settings = read_settings(root);
  const Plant plant = read_plant(settings);
  const NotifyConfig config = or_stop(load_notify_config(settings));
  const auto recipients = words.to.empty() ? config.all_recipients() : std::vector{words.to};
  if (!words.to.empty()) or_stop(check_mail_address(words.to));
  const bool by_mail = config.smtp && !recipients.empty();
  const bool by_webhook = config.webhook && words.to.empty();
  if (!by_mail && (config.send_mail || !words.to.empty() || !by_webhook)) {
    throw StartError(
        "there is nobody to write to: set SMTP_SERVER and ALERT_EMAIL_RECIPIENTS in .env, or a "
        "webhook in config/notify.json (docs/notification.md)");
  }
  const LetterWriter writer =
      or_stop(LetterWriter::open(config, plant, or_stop(plant_clock(settings, plant))));
  bool good = true;
  if (by_mail) good = test_mails(writer, recipients);
  if (by_webhook) good = test_webhook(writer) && good;
  if (good) fmt::print("Every step went well; look into the mailbox, also among the junk.\n");
  return good ? 0 : 1;
}

// ---- status and retry -------------------------------------------------------------------------

std::string age_text(Timestamp since, Timestamp now) {
  const auto s = std::max<std::int64_t>(0, (now - since).count() / 1000);
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min", s / 60);
  return fmt::format("{} h", s / 3600);
}

void print_letters(const char* head, const std::filesystem::path& folder, std::uint64_t count,
                   Timestamp now) {
  const auto letters = or_stop(mail::read_letters(folder, most_shown));
  for (const mail::OutboxLetter& letter : letters) {
    fmt::print("{:<9} {:>8}  {}{}  {}\n", head, age_text(letter.created_at, now),
               letter.urgent ? "! " : "", letter.to.empty() ? "-" : letter.to, letter.subject);
    if (!letter.reason.empty()) fmt::print("          {}\n", letter.reason);
  }
  if (count > letters.size()) fmt::print("{:<9} and {} more\n", head, count - letters.size());
}

std::string time_text(const std::optional<Timestamp>& time) {
  return time ? to_iso8601(*time) : "never";
}

int mail_status(const std::filesystem::path& root) {
  const Settings settings = read_settings(root);
  const NotifyConfig config = or_stop(load_notify_config(settings));
  const std::filesystem::path folder = settings.outbox_dir();
  const Timestamp now = wall_now();
  const mail::OutboxStatus outbox = or_stop(mail::read_status(folder, now));
  fmt::print("mail      {}\n", config.send_mail ? "on" : "off (EMAIL_ENABLED)");
  fmt::print("webhook   {}\n",
             config.webhook ? mail::host_of_url(config.webhook->call.url) : "none");
  fmt::print("sent      {} letters since the installation began, the last one {}\n", outbox.sent,
             time_text(outbox.last_sent_at));
  fmt::print("waiting   {}, failed {}, damaged {}, dropped {}\n", outbox.pending, outbox.failed,
             outbox.quarantined, outbox.dropped);
  if (!outbox.last_error.empty()) {
    fmt::print("error     {} at {}\n", outbox.last_error, time_text(outbox.last_error_at));
  }
  print_letters("waits", folder, outbox.pending, now);
  print_letters("failed", folder / "failed", outbox.failed, now);
  return outbox.last_error.empty() ? 0 : 1;
}

struct RetryWords {
  bool failed = false;  ///< Those that were given up, too.
};

int retry(const std::filesystem::path& root, const RetryWords& words) {
  const Settings settings = read_settings(root);
  const std::filesystem::path folder = settings.outbox_dir();
  std::error_code ignored;
  if (!std::filesystem::is_directory(folder, ignored)) {
    fmt::print("There is no outbox yet: no letter was ever written.\n");
    return 0;
  }
  const std::size_t again = words.failed ? or_stop(mail::retry_failed(folder, wall_now())) : 0;
  if (words.failed) fmt::print("failed    {} letters wait again\n", again);
  or_stop(mail::ask_to_retry(folder));
  const mail::OutboxStatus outbox = or_stop(mail::read_status(folder, wall_now()));
  const bool runs = running_process(settings.run_dir, "collector").has_value();
  fmt::print("waiting   {} letters: {}\n", outbox.pending,
             runs ? "the collector tries them within 5 s; `wattline mail status` shows them"
                  : "the collector does not run, it sends them when it starts");
  return 0;
}

}  // namespace

bool is_notification_sound(const Settings& settings) try {
  const Plant plant = read_plant(settings);
  NotifyConfig config = or_stop(load_notify_config(settings));
  if (!config.send_mail) config.smtp.reset();
  or_stop(LetterWriter::open(std::move(config), plant, or_stop(plant_clock(settings, plant))));
  return true;
} catch (const StartError& error) {
  fmt::print(stderr, "{}\n", error.what());
  return false;
}

void declare_mail(CLI::App& app, const std::filesystem::path& root, int& code) {
  auto* group = app.add_subcommand("mail", "Notification of alarms by mail and webhook");
  group->require_subcommand(1);

  const auto test_words = std::make_shared<TestWords>();
  auto* test_command = group->add_subcommand(
      "test",
      "Send a test mail to every recipient and call the webhook, step by step: name, connection, "
      "encryption, login, recipient; exit code 1 when a step fails");
  test_command->add_option("--to", test_words->to, "Only to this address");
  test_command->callback([&, test_words] { code = test(root, *test_words); });

  group
      ->add_subcommand("status",
                       "What waits, what failed and why; exit code 1 when the last sending failed")
      ->callback([&] { code = mail_status(root); });

  const auto retry_words = std::make_shared<RetryWords>();
  auto* retry_command =
      group->add_subcommand("retry", "Try everything that waits at once instead of at its time");
  retry_command->add_flag("--failed", retry_words->failed,
                          "Also what was refused or given up; it waits again as if it was new");
  retry_command->callback([&, retry_words] { code = retry(root, *retry_words); });
}

}  // namespace wl::command
