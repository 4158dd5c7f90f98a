// .env.example is documentation that must not drift from the table of keys.
#include <gmock/gmock.h>
#include <unistd.h>

#include "apps/settings/keys.hpp"
#include "base/durable_file.hpp"
#include "base/env_file.hpp"

namespace wl {
namespace {

std::vector<EnvLine> example_lines() {
  const std::filesystem::path file = std::filesystem::path(WATTLINE_SOURCE_DIR) / ".env.example";
  return parse_env(read_file(file).value(), ".env.example").value();
}

/// All that the table can set, as comparable text.
std::vector<std::string> fingerprint(const Settings& s) {
  const auto ms = [](Milliseconds value) { return std::to_string(value.count()); };
  return {std::to_string(int(s.db_type)),
          s.db_sqlite_path,
          s.db_host,
          std::to_string(s.db_port),
          s.db_user,
          s.db_password,
          s.db_name,
          std::to_string(s.db_pool_size),
          std::to_string(s.db_max_overflow),
          ms(s.db_pool_recycle),
          s.opc_ua_server_url,
          ms(s.opc_ua_timeout),
          std::to_string(s.opc_ua_reconnect_attempts),
          ms(s.opc_ua_reconnect_delay),
          s.opc_ua_security_policy,
          s.opc_ua_security_mode,
          s.opc_ua_username,
          s.opc_ua_password,
          s.secret_key,
          s.web_host,
          std::to_string(s.web_port),
          std::to_string(s.web_debug),
          s.web_tls_cert,
          s.web_tls_key,
          s.ip_allowlist,
          ms(s.session_timeout),
          s.log_level,
          std::to_string(s.log_max_size),
          std::to_string(s.log_backup_count),
          ms(s.data_collection_interval),
          ms(s.batch_write_interval),
          std::to_string(s.data_cache_size),
          ms(s.alarm_check_interval),
          ms(s.alarm_dedup_window),
          std::to_string(s.alarm_consecutive_count),
          std::to_string(s.email_enabled),
          s.smtp_server,
          std::to_string(s.smtp_port),
          std::to_string(s.smtp_use_tls),
          s.smtp_username,
          s.smtp_password,
          s.alert_email_recipients,
          ms(s.email_rate_limit),
          std::to_string(s.history_retention_days),
          std::to_string(s.data_archiving_enabled),
          std::to_string(s.cache_enabled),
          s.redis_host,
          std::to_string(s.redis_port),
          std::to_string(s.redis_db),
          std::to_string(s.max_login_attempts),
          ms(s.account_lockout_duration),
          std::to_string(s.password_min_length),
          std::to_string(s.theoretical_production_rate),
          std::to_string(s.oee_warning_threshold),
          s.plc_program,
          s.plc_opc_ua_host,
          std::to_string(s.plc_opc_ua_port),
          s.gateway_opc_ua_host,
          std::to_string(s.gateway_opc_ua_port),
          std::to_string(s.plc_modbus_port),
          s.data_dir,
          s.log_dir,
          s.run_dir,
          std::to_string(s.production),
          s.time_zone,
          std::to_string(s.demo_history_days),
          ms(s.backup_interval),
          std::to_string(s.backup_keep)};
}

TEST(EnvExample, lists_exactly_the_keys_of_the_table_in_its_order) {
  std::vector<std::string> listed, known;
  std::ranges::transform(example_lines(), std::back_inserter(listed), &EnvLine::key);
  std::ranges::transform(settings_keys(), std::back_inserter(known),
                         [](const SettingsKey& key) { return std::string(key.name); });

  EXPECT_EQ(listed, known);
}

TEST(EnvExample, its_values_are_the_defaults) {
  std::map<std::string, std::string> environment;
  for (const EnvLine& line : example_lines()) environment[line.key] = line.value;

  const auto loaded = load_settings("/", environment);

  ASSERT_TRUE(loaded.has_value()) << loaded.error().what;
  EXPECT_EQ(fingerprint(loaded->values), fingerprint(load_settings("/", {}).value().values));
}

TEST(EnvExample, the_fingerprint_covers_every_key) {
  EXPECT_EQ(fingerprint(Settings{}).size(), settings_keys().size());
}

}  // namespace
}  // namespace wl
