#include "apps/notify/notify_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/notify/notify_file.hpp"
#include "base/durable_file.hpp"
#include "base/mail_address.hpp"

namespace wl {
namespace {

using alarm::Level;
using alarm::notify::Letter;
using alarm::notify::LetterKind;

void add(std::vector<std::string>& all, const std::vector<std::string>& more) {
  for (const std::string& each : more) {
    if (std::ranges::find(all, each) == all.end()) all.push_back(each);
  }
}

std::optional<mail::SmtpServer> smtp_server(const Settings& settings) {
  if (settings.smtp_server.empty()) return std::nullopt;
  mail::SmtpServer server;
  server.host = settings.smtp_server;
  server.port = settings.smtp_port;
  server.username = settings.smtp_username;
  server.password = settings.smtp_password;
  constexpr std::uint16_t smtps = 465;  // RFC 8314: encrypted from the first byte.
  if (!settings.smtp_use_tls) server.tls = mail::Tls::none;
  if (settings.smtp_use_tls && settings.smtp_port == smtps) server.tls = mail::Tls::implicit;
  return server;
}

/// The login is a mailbox as a rule; without one, a name in the domain of those who get the mail.
std::string default_sender(const NotifyConfig& config, const Settings& settings) {
  if (check_mail_address(settings.smtp_username)) return settings.smtp_username;
  if (config.everybody.empty()) return "wattline@localhost";
  const std::string& first = config.everybody.front();
  return "wattline" + first.substr(first.find('@'));
}

NotifyConfig of_settings(const Settings& settings) {
  NotifyConfig config;
  config.root = settings.root;
  config.send_mail = settings.email_enabled;
  config.smtp = smtp_server(settings);
  // A mistake in it stops the start when mail is sent: apps/settings looks.
  config.everybody =
      parse_mail_addresses(settings.alert_email_recipients).value_or(std::vector<std::string>{});
  config.recipients.fill(config.everybody);
  config.policy.rate_limit = settings.email_rate_limit;
  return config;
}

/// Whether those who are told of this level get the letter.
bool concerns(const Letter& letter, Level level) {
  const bool counted = letter.by_level[static_cast<std::size_t>(level)] > 0;
  return counted || (letter.kind == LetterKind::returned && level < letter.level);
}

}  // namespace

std::string_view folder_of(alarm::Language language) {
  return language == alarm::Language::zh_cn ? "zh" : "en";
}

std::vector<std::string> NotifyConfig::recipients_of(const Letter& letter) const {
  std::vector<std::string> all;
  for (const Level level : {Level::emergency, Level::critical, Level::warning}) {
    if (concerns(letter, level)) add(all, recipients[static_cast<std::size_t>(level)]);
  }
  // That a flood begins or is over counts no level: it is for everybody.
  const auto none = [](std::uint64_t alarms) { return alarms == 0; };
  const bool counts_no_level = std::ranges::all_of(letter.by_level, none);
  const bool of_alarms =
      letter.kind == LetterKind::returned || letter.kind == LetterKind::escalation;
  if (counts_no_level && !of_alarms) add(all, all_recipients());
  if (letter.kind == LetterKind::escalation) add(all, escalation);
  return all;
}

std::vector<std::string> NotifyConfig::all_recipients() const {
  std::vector<std::string> all;
  for (const auto& each : recipients) add(all, each);
  add(all, escalation);
  return all;
}

Result<NotifyConfig> load_notify_config(const Settings& settings) {
  NotifyConfig config = of_settings(settings);
  auto text = read_file(settings.notify_config(), 1 << 20);
  if (!text && text.error().code != Errc::not_found) return std::unexpected(text.error());
  if (text) {
    const auto read = read_notify_file(std::move(*text), "config/notify.json", config);
    if (!read) return std::unexpected(read.error());
  }
  if (config.from.empty()) config.from = default_sender(config, settings);
  return config;
}

}  // namespace wl
