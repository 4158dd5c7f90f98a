#include "apps/settings/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

#include "base/quantity.hpp"

namespace wl {
namespace {

constexpr std::int64_t second = 1000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::uint64_t megabyte = 1'000'000;

// A parser is a template over the member that it fills, so that a row of the table below says
// everything about its key: name, old name, kind, bare unit, range.

template <auto member>
Result<void> text(Settings& settings, std::string_view value) {
  settings.*member = std::string(value);
  return {};
}

template <auto member>
Result<void> path(Settings& settings, std::string_view value) {
  settings.*member = std::filesystem::path(value);
  return {};
}

template <auto member>
Result<void> flag(Settings& settings, std::string_view value) {
  const auto parsed = parse_bool(value);
  if (!parsed) return std::unexpected(parsed.error());
  settings.*member = *parsed;
  return {};
}

template <auto member, std::int64_t low, std::int64_t high>
Result<void> integer(Settings& settings, std::string_view value) {
  const auto parsed = parse_integer(value, low, high);
  if (!parsed) return std::unexpected(parsed.error());
  settings.*member = static_cast<std::remove_reference_t<decltype(settings.*member)>>(*parsed);
  return {};
}

template <auto member>
constexpr auto port = integer<member, 1, 65535>;

std::string duration_text(std::int64_t ms) {
  if (ms % day == 0 && ms > 0) return fmt::format("{}d", ms / day);
  if (ms % hour == 0 && ms > 0) return fmt::format("{}h", ms / hour);
  if (ms % minute == 0 && ms > 0) return fmt::format("{}min", ms / minute);
  if (ms % second == 0 && ms > 0) return fmt::format("{}s", ms / second);
  return fmt::format("{}ms", ms);
}

template <auto member, std::int64_t bare_unit, std::int64_t low, std::int64_t high>
Result<void> duration(Settings& settings, std::string_view value) {
  const auto parsed = parse_duration(value, Milliseconds{bare_unit});
  if (!parsed) return std::unexpected(parsed.error());
  if (parsed->count() < low || parsed->count() > high) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is outside {} to {} (a bare number counts in {})", value,
                            duration_text(low), duration_text(high), duration_text(bare_unit)));
  }
  settings.*member = *parsed;
  return {};
}

template <auto member, std::uint64_t low, std::uint64_t high>
Result<void> megabytes(Settings& settings, std::string_view value) {
  const auto parsed = parse_bytes(value, megabyte);
  if (!parsed) return std::unexpected(parsed.error());
  if (*parsed < low || *parsed > high) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is outside {} kB to {} MB (a bare number counts in MB)", value,
                            low / 1000, high / megabyte));
  }
  settings.*member = *parsed;
  return {};
}

template <auto member, int low, int high>
Result<void> real(Settings& settings, std::string_view value) {
  double number{};
  const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (ec != std::errc{} || end != value.data() + value.size() || !std::isfinite(number)) {
    return fail(Errc::invalid_argument, fmt::format("'{}' is not a number", value));
  }
  if (number < low || number > high) {
    return fail(Errc::invalid_argument, fmt::format("{} is outside {} to {}", value, low, high));
  }
  settings.*member = number;
  return {};
}

std::string in_case(std::string_view value, int (*change)(int)) {
  std::string out(value);
  std::ranges::transform(out, out.begin(),
                         [change](unsigned char c) { return static_cast<char>(change(c)); });
  return out;
}

Result<void> db_type(Settings& settings, std::string_view value) {
  const std::string word = in_case(value, std::tolower);
  if (word != "sqlite" && word != "mysql") {
    return fail(Errc::invalid_argument, fmt::format("'{}' is neither sqlite nor mysql", value));
  }
  settings.db_type = word == "sqlite" ? DatabaseKind::sqlite : DatabaseKind::mysql;
  return {};
}

Result<void> log_level(Settings& settings, std::string_view value) {
  static constexpr std::array<std::string_view, 5> levels{"DEBUG", "INFO", "WARNING", "ERROR",
                                                          "CRITICAL"};
  const std::string word = in_case(value, std::toupper);
  if (std::ranges::find(levels, std::string_view(word)) == levels.end()) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is not DEBUG, INFO, WARNING, ERROR or CRITICAL", value));
  }
  settings.log_level = word;
  return {};
}

Result<void> environment_kind(Settings& settings, std::string_view value) {
  const std::string word = in_case(value, std::tolower);
  if (word != "development" && word != "production") {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is neither development nor production", value));
  }
  settings.production = word == "production";
  return {};
}

Result<void> opc_ua_url(Settings& settings, std::string_view value) {
  constexpr std::string_view scheme = "opc.tcp://";
  std::string_view rest = value;
  while (true) {
    const auto comma = rest.find(',');
    std::string_view url = rest.substr(0, comma);
    url.remove_prefix(std::min(url.find_first_not_of(' '), url.size()));
    if (!url.starts_with(scheme) || url.size() == scheme.size()) {
      return fail(Errc::invalid_argument, fmt::format("'{}' is not opc.tcp://host:port", url));
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  settings.opc_ua_server_url = std::string(value);
  return {};
}

Result<void> time_zone(Settings& settings, std::string_view value) {
  if (value.starts_with(':')) value.remove_prefix(1);  // POSIX allows TZ=:Europe/Berlin.
  const std::filesystem::path zones = "/usr/share/zoneinfo";
  std::error_code ignored;
  const bool plain = value.find("..") == std::string_view::npos && !value.starts_with('/');
  // Without the tzdata package nothing can be looked up, and the browser still knows the zone.
  const bool known = !std::filesystem::exists(zones, ignored) ||
                     std::filesystem::is_regular_file(zones / value, ignored);
  if (!plain || !known) {
    return fail(Errc::invalid_argument,
                fmt::format("'{}' is not an IANA time zone such as Asia/Shanghai", value));
  }
  settings.time_zone = std::string(value);
  return {};
}

using S = Settings;

constexpr SettingsKey table[] = {
    {"DB_TYPE", "", db_type},
    {"DB_SQLITE_PATH", "SQLITE_DB_PATH", path<&S::db_sqlite_path>},
    {"DB_HOST", "", text<&S::db_host>},
    {"DB_PORT", "", port<&S::db_port>},
    {"DB_USER", "", text<&S::db_user>},
    {"DB_PASSWORD", "", text<&S::db_password>},
    {"DB_NAME", "", text<&S::db_name>},
    {"DB_POOL_SIZE", "", integer<&S::db_pool_size, 1, 1000>},
    {"DB_MAX_OVERFLOW", "", integer<&S::db_max_overflow, 0, 1000>},
    {"DB_POOL_RECYCLE", "", duration<&S::db_pool_recycle, second, second, 30 * day>},

    {"OPC_UA_SERVER_URL", "", opc_ua_url},
    {"OPC_UA_TIMEOUT", "", duration<&S::opc_ua_timeout, second, 100, 5 * minute>},
    {"OPC_UA_RECONNECT_ATTEMPTS", "", integer<&S::opc_ua_reconnect_attempts, 0, 1'000'000'000>},
    {"OPC_UA_RECONNECT_DELAY", "", duration<&S::opc_ua_reconnect_delay, second, 100, 5 * minute>},
    {"OPC_UA_SECURITY_POLICY", "", text<&S::opc_ua_security_policy>},
    {"OPC_UA_SECURITY_MODE", "", text<&S::opc_ua_security_mode>},
    {"OPC_UA_USERNAME", "", text<&S::opc_ua_username>},
    {"OPC_UA_PASSWORD", "", text<&S::opc_ua_password>},

    {"SECRET_KEY", "", text<&S::secret_key>},
    {"WEB_HOST", "FLASK_HOST", text<&S::web_host>},
    {"WEB_PORT", "FLASK_PORT", port<&S::web_port>},
    {"WEB_DEBUG", "FLASK_DEBUG", flag<&S::web_debug>},
    {"WEB_TLS_CERT", "", text<&S::web_tls_cert>},
    {"WEB_TLS_KEY", "", text<&S::web_tls_key>},
    {"IP_ALLOWLIST", "", text<&S::ip_allowlist>},
    {"WEB_TRUSTED_PROXIES", "", text<&S::web_trusted_proxies>},
    {"SESSION_TIMEOUT", "", duration<&S::session_timeout, minute, minute, 30 * day>},
    {"WEB_ALLOWED_HOSTS", "", text<&S::web_allowed_hosts>},

    {"LOG_LEVEL", "", log_level},
    {"LOG_MAX_SIZE", "", megabytes<&S::log_max_size, 10'000, 10'000 * megabyte>},
    {"LOG_BACKUP_COUNT", "", integer<&S::log_backup_count, 0, 1000>},

    {"DATA_COLLECTION_INTERVAL", "", duration<&S::data_collection_interval, second, 100, hour>},
    {"BATCH_WRITE_INTERVAL", "", duration<&S::batch_write_interval, second, 100, hour>},
    {"DATA_CACHE_SIZE", "", megabytes<&S::data_cache_size, megabyte, 1'000'000 * megabyte>},
    {"ALARM_CHECK_INTERVAL", "", duration<&S::alarm_check_interval, second, 100, hour>},
    {"ALARM_DEDUP_WINDOW", "", duration<&S::alarm_dedup_window, minute, 0, 30 * day>},
    {"ALARM_CONSECUTIVE_COUNT", "", integer<&S::alarm_consecutive_count, 1, 1000>},

    {"EMAIL_ENABLED", "", flag<&S::email_enabled>},
    {"SMTP_SERVER", "", text<&S::smtp_server>},
    {"SMTP_PORT", "", port<&S::smtp_port>},
    {"SMTP_USE_TLS", "", flag<&S::smtp_use_tls>},
    {"SMTP_USERNAME", "", text<&S::smtp_username>},
    {"SMTP_PASSWORD", "", text<&S::smtp_password>},
    {"ALERT_EMAIL_RECIPIENTS", "", text<&S::alert_email_recipients>},
    {"EMAIL_RATE_LIMIT", "", duration<&S::email_rate_limit, minute, 0, 30 * day>},

    {"HISTORY_RETENTION_DAYS", "", integer<&S::history_retention_days, 1, 36'500>},
    {"DATA_ARCHIVING_ENABLED", "", flag<&S::data_archiving_enabled>},

    {"CACHE_ENABLED", "", flag<&S::cache_enabled>},
    {"REDIS_HOST", "", text<&S::redis_host>},
    {"REDIS_PORT", "", port<&S::redis_port>},
    {"REDIS_DB", "", integer<&S::redis_db, 0, 1023>},
    {"REDIS_PASSWORD", "", text<&S::redis_password>},

    {"MAX_LOGIN_ATTEMPTS", "", integer<&S::max_login_attempts, 1, 1000>},
    {"ACCOUNT_LOCKOUT_DURATION", "",
     duration<&S::account_lockout_duration, minute, second, 30 * day>},
    // bcrypt looks at 72 bytes only, so a longer minimum would promise what it does not hold.
    {"PASSWORD_MIN_LENGTH", "", integer<&S::password_min_length, 1, 72>},

    {"THEORETICAL_PRODUCTION_RATE", "", real<&S::theoretical_production_rate, 1, 1'000'000>},
    {"OEE_WARNING_THRESHOLD", "", real<&S::oee_warning_threshold, 0, 100>},

    {"PLC_PROGRAM", "", path<&S::plc_program>},
    {"PLC_OPC_UA_HOST", "", text<&S::plc_opc_ua_host>},
    {"PLC_OPC_UA_PORT", "", port<&S::plc_opc_ua_port>},
    {"GATEWAY_OPC_UA_HOST", "", text<&S::gateway_opc_ua_host>},
    {"GATEWAY_OPC_UA_PORT", "", port<&S::gateway_opc_ua_port>},
    {"PLC_MODBUS_PORT", "", integer<&S::plc_modbus_port, 0, 65535>},

    {"WATTLINE_DATA_DIR", "", path<&S::data_dir>},
    {"WATTLINE_LOG_DIR", "", path<&S::log_dir>},
    {"WATTLINE_RUN_DIR", "", path<&S::run_dir>},
    {"WATTLINE_ENV", "", environment_kind},
    {"TZ", "", time_zone},
    {"DEMO_HISTORY_DAYS", "", integer<&S::demo_history_days, 0, 3650>},
    {"BACKUP_INTERVAL", "", duration<&S::backup_interval, hour, 0, 365 * day>},
    {"BACKUP_KEEP", "", integer<&S::backup_keep, 1, 10'000>},
    {"BACKUP_DIR", "", path<&S::backup_dir>},
};

}  // namespace

std::span<const SettingsKey> settings_keys() {
  return table;
}

const SettingsKey* find_settings_key(std::string_view name) {
  const auto found = std::ranges::find_if(table, [name](const SettingsKey& key) {
    return key.name == name || (!key.old_name.empty() && key.old_name == name);
  });
  return found == std::end(table) ? nullptr : &*found;
}

}  // namespace wl
