#include "apps/settings/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/host_port.hpp"
#include "base/ip_address.hpp"
#include "base/mail_address.hpp"

namespace wl {
namespace {

std::string_view host_of(std::string_view url) {
  url.remove_prefix(std::min(url.size(), std::string_view("opc.tcp://").size()));
  if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
  return url.substr(0, url.find_first_of(":/"));
}

/// Of each URL of the comma list.
std::vector<std::string_view> hosts_of(std::string_view urls) {
  std::vector<std::string_view> hosts;
  while (!urls.empty()) {
    const auto comma = std::min(urls.find(','), urls.size());
    std::string_view url = urls.substr(0, comma);
    url.remove_prefix(std::min(url.find_first_not_of(' '), url.size()));
    hosts.push_back(host_of(url));
    urls.remove_prefix(std::min(comma + 1, urls.size()));
  }
  return hosts;
}

void check_protection(const Settings& settings, SettingsFindings& found) {
  const auto refuse = [&](std::string_view key, const std::string& reason) {
    found.mistakes.push_back({key, reason});
  };
  static constexpr std::array<std::string_view, 4> policies{
      "None", "Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"};
  static constexpr std::array<std::string_view, 3> modes{"None", "Sign", "SignAndEncrypt"};
  const std::string& policy = settings.opc_ua_security_policy;
  const std::string& mode = settings.opc_ua_security_mode;
  if (std::ranges::find(policies, policy) == policies.end()) {
    refuse("OPC_UA_SECURITY_POLICY",
           fmt::format("'{}' is none of {}", policy, fmt::join(policies, ", ")));
  } else if (std::ranges::find(modes, mode) == modes.end()) {
    refuse("OPC_UA_SECURITY_MODE", fmt::format("'{}' is none of {}", mode, fmt::join(modes, ", ")));
  } else if ((policy == "None") != (mode == "None")) {
    refuse("OPC_UA_SECURITY_MODE",
           fmt::format("'{}' does not go with OPC_UA_SECURITY_POLICY={}: both are None or neither "
                       "is; SignAndEncrypt is the usual one",
                       mode, policy));
  }
  if (settings.opc_ua_username.empty() && !settings.opc_ua_password.empty()) {
    refuse("OPC_UA_PASSWORD", "without OPC_UA_USERNAME it has no meaning");
  }
}

void check_web(const Settings& settings, SettingsFindings& found) {
  const auto refuse = [&](std::string_view key, const std::string& reason) {
    found.mistakes.push_back({key, reason});
  };
  if (settings.web_tls_cert.empty() != settings.web_tls_key.empty()) {
    const bool key_missing = settings.web_tls_key.empty();
    refuse(key_missing ? "WEB_TLS_CERT" : "WEB_TLS_KEY",
           fmt::format("{} is missing: HTTPS needs both, plain HTTP neither",
                       key_missing ? "WEB_TLS_KEY" : "WEB_TLS_CERT"));
  }
  if (const auto ranges = IpRanges::parse(settings.ip_allowlist); !ranges) {
    refuse("IP_ALLOWLIST", ranges.error().what);
  }
  if (const auto ranges = IpRanges::parse(settings.web_trusted_proxies); !ranges) {
    refuse("WEB_TRUSTED_PROXIES", ranges.error().what);
  }
}

/// Of a database name that can stand in SQL without quotes, as in the message that tells how to
/// create it.
bool is_plain_name(std::string_view name) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, plain);
}

void check_database_server(const Settings& settings, SettingsFindings& found) {
  if (settings.db_type != DatabaseKind::mysql) return;
  if (const auto hosts = parse_host_list(settings.db_host, settings.db_port); !hosts) {
    found.mistakes.push_back({"DB_HOST", hosts.error().what});
  }
  if (!is_plain_name(settings.db_name)) {
    found.mistakes.push_back(
        {"DB_NAME",
         fmt::format("'{}' is not a name of up to 64 letters, digits and _", settings.db_name)});
  }
  if (settings.db_password.empty() && !settings.production) {
    found.warnings.push_back(
        {"DB_PASSWORD", fmt::format("is empty: {} signs in without a password", settings.db_user)});
  }
}

void check_mail_server(const Settings& settings, SettingsFindings& found) {
  const auto refuse = [&](std::string_view key, const std::string& reason) {
    found.mistakes.push_back({key, reason});
  };
  const std::string& host = settings.smtp_server;
  const auto server = parse_host_port(host, settings.smtp_port);
  if (host.empty()) {
    refuse("SMTP_SERVER", "is empty, and EMAIL_ENABLED=True: write the name of the mail server");
  } else if (!server || server->host != host) {
    refuse("SMTP_SERVER", fmt::format("'{}' is not the name or address of a mail server; its port "
                                      "is written as SMTP_PORT",
                                      host));
  }
  if (settings.smtp_username.empty() && !settings.smtp_password.empty()) {
    refuse("SMTP_PASSWORD", "without SMTP_USERNAME it has no meaning");
  }
  if (settings.smtp_use_tls || settings.smtp_username.empty() || is_loopback(host)) return;
  if (settings.production) {
    refuse("SMTP_USE_TLS",
           fmt::format("False sends SMTP_PASSWORD readable to '{}', which WATTLINE_ENV=production "
                       "refuses: True encrypts (port 587 or 465)",
                       host));
  } else {
    found.warnings.push_back(
        {"SMTP_USE_TLS", fmt::format("False sends SMTP_PASSWORD readable to '{}'", host)});
  }
}

void check_mail(const Settings& settings, SettingsFindings& found) {
  if (!settings.email_enabled) return;
  check_mail_server(settings, found);
  const auto recipients = parse_mail_addresses(settings.alert_email_recipients);
  if (!recipients) {
    found.mistakes.push_back({"ALERT_EMAIL_RECIPIENTS", recipients.error().what});
  } else if (recipients->empty()) {
    found.mistakes.push_back(
        {"ALERT_EMAIL_RECIPIENTS",
         "is empty, and EMAIL_ENABLED=True: write who gets the mails, with commas between"});
  }
}

void check_redis(const Settings& settings, SettingsFindings& found) {
  if (!settings.cache_enabled || !settings.redis_password.empty()) return;
  if (is_loopback(settings.redis_host)) return;
  const std::string reason = fmt::format(
      "is empty: whoever reaches Redis at '{}' can acknowledge alarms; set requirepass there and "
      "write it here",
      settings.redis_host);
  auto& list = settings.production ? found.mistakes : found.warnings;
  list.push_back({"REDIS_PASSWORD", reason});
}

void check_conveniences(const Settings& settings, SettingsFindings& found) {
  const auto warn = [&](std::string_view key, std::string_view reason) {
    found.warnings.push_back({key, std::string(reason)});
  };
  if (settings.plc_modbus_port != 0) warn("PLC_MODBUS_PORT", "this version serves no Modbus");
}

bool is_default_secret(std::string_view secret) {
  static constexpr std::array<std::string_view, 8> known{
      "secret",   "changeme",     "change-me", "dev", "your-secret-key", "your-secret-key-here",
      "password", "your-password"};
  return std::ranges::find(known, secret) != known.end();
}

void check_production(const Settings& settings, SettingsFindings& found) {
  if (!settings.secret_key.empty() &&
      (is_default_secret(settings.secret_key) || settings.secret_key.size() < 16)) {
    found.mistakes.push_back(
        {"SECRET_KEY",
         "too easy to guess for WATTLINE_ENV=production; leave it empty and a random one is made"});
  }
  if (settings.db_type == DatabaseKind::mysql &&
      (settings.db_password.empty() || settings.db_password == settings.db_user ||
       is_default_secret(settings.db_password))) {
    found.mistakes.push_back(
        {"DB_PASSWORD",
         "empty or easy to guess, which WATTLINE_ENV=production refuses: give the "
         "database user a password and write it here"});
  }
  // Anonymous access, or one without encryption, may not leave the machine.
  const auto refuse_remote = [&](std::string_view key, std::string_view host) {
    if (is_loopback(host)) return;
    found.mistakes.push_back(
        {key, fmt::format("'{}' is not this machine, and WATTLINE_ENV=production refuses OPC UA "
                          "without encryption and login; use 127.0.0.1{}",
                          host,
                          key == "OPC_UA_SERVER_URL"
                              ? ", or set OPC_UA_SECURITY_POLICY, _MODE, _USERNAME and _PASSWORD"
                              : "")});
  };
  const bool is_protected =
      settings.opc_ua_security_policy != "None" && !settings.opc_ua_username.empty();
  if (!is_protected) {
    for (const std::string_view host : hosts_of(settings.opc_ua_server_url)) {
      refuse_remote("OPC_UA_SERVER_URL", host);
    }
  }
  refuse_remote("PLC_OPC_UA_HOST", settings.plc_opc_ua_host);
  refuse_remote("GATEWAY_OPC_UA_HOST", settings.gateway_opc_ua_host);
}

}  // namespace

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

SettingsFindings check_settings(const Settings& settings) {
  SettingsFindings found;
  check_protection(settings, found);
  check_web(settings, found);
  check_database_server(settings, found);
  check_mail(settings, found);
  check_redis(settings, found);
  check_conveniences(settings, found);
  if (settings.production) check_production(settings, found);
  return found;
}

}  // namespace wl
