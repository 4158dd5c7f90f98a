// config/notify.json and the e-mail keys of .env as one value: who is told of alarms, and how.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alarm/notify/letter.hpp"
#include "alarm/notify/policy.hpp"
#include "alarm/text.hpp"
#include "apps/settings/settings.hpp"
#include "mail/transport.hpp"

namespace wl {

/// `zh`, `en`: in notify.json, and the folders of config/mail.
std::string_view folder_of(alarm::Language language);

struct NotifyWebhook {
  mail::Webhook call;
  std::string body = "config/webhook.json.template";  ///< Below the root.
  alarm::Language language = alarm::Language::zh_cn;
};

struct NotifyConfig {
  std::filesystem::path root;  ///< Of the installation: templates are below it.
  bool send_mail = false;      ///< EMAIL_ENABLED
  std::optional<mail::SmtpServer>
      smtp;  ///< Where SMTP_SERVER is given, also without EMAIL_ENABLED.
  std::string from;
  std::string from_name;  ///< Empty: the name of the plant.
  std::vector<alarm::Language> languages{alarm::Language::zh_cn};  ///< All in one mail, in order.
  std::vector<std::string> everybody;                              ///< ALERT_EMAIL_RECIPIENTS
  std::array<std::vector<std::string>, 3> recipients;              ///< By alarm::Level.
  std::vector<std::string> escalation;                             ///< Beside those of the level.
  std::optional<NotifyWebhook> webhook;
  alarm::notify::PolicyOptions policy;

  bool wanted() const { return send_mail || webhook.has_value(); }
  /// Whoever is told of a level in it, each once; of a return to normal also those of lower levels,
  /// who may have been told of its beginning.
  std::vector<std::string> recipients_of(const alarm::notify::Letter& letter) const;
  /// Everybody to whom any letter may go.
  std::vector<std::string> all_recipients() const;
};

/// A missing config/notify.json is one without anything in it. The error has every mistake as
/// `config/notify.json:line: /key: reason`, a line each.
Result<NotifyConfig> load_notify_config(const Settings& settings);

}  // namespace wl
