// Every key of .env as a typed value with its default. The only code that reads .env and the
// environment; the rooms get what they need in their constructors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace wl {

enum class DatabaseKind { sqlite, mysql };

/// Defaults are those of CONTRACT (see .env.example). All paths are absolute after loading.
struct Settings {
  std::filesystem::path root;  ///< The installation: where config/ and plc_program/ stand.

  DatabaseKind db_type = DatabaseKind::sqlite;
  std::filesystem::path db_sqlite_path;  ///< <data_dir>/wattline.db
  std::string db_host = "localhost";
  std::uint16_t db_port = 3306;
  std::string db_user = "energy_user";
  std::string db_password;
  std::string db_name = "energy_management";
  int db_pool_size = 10;
  int db_max_overflow = 20;
  Milliseconds db_pool_recycle{3'600'000};

  /// When the key is not set: localhost (or GATEWAY_OPC_UA_HOST) and GATEWAY_OPC_UA_PORT.
  std::string opc_ua_server_url = "opc.tcp://localhost:4840";
  Milliseconds opc_ua_timeout{3000};
  std::uint64_t opc_ua_reconnect_attempts = 0;  ///< 0 = for ever.
  Milliseconds opc_ua_reconnect_delay{1000};    ///< Cap of the backoff.
  std::string opc_ua_security_policy = "None";
  std::string opc_ua_security_mode = "None";
  std::string opc_ua_username;
  std::string opc_ua_password;

  std::string secret_key;  ///< Empty: use <data_dir>/secret.key.
  std::string web_host = "127.0.0.1";
  std::uint16_t web_port = 5000;
  bool web_debug = false;
  std::string web_tls_cert;
  std::string web_tls_key;
  std::string ip_allowlist;         ///< IpRanges::parse() takes it.
  std::string web_trusted_proxies;  ///< Likewise.
  Milliseconds session_timeout{30 * 60'000};
  std::string web_allowed_hosts;  ///< Names beside those that are always taken; see ADR 0580.

  std::string log_level = "INFO";
  std::uint64_t log_max_size = 10'000'000;
  std::uint32_t log_backup_count = 5;

  Milliseconds data_collection_interval{1000};
  Milliseconds batch_write_interval{10'000};
  std::uint64_t data_cache_size = 256'000'000;
  Milliseconds alarm_check_interval{1000};
  Milliseconds alarm_dedup_window{5 * 60'000};
  int alarm_consecutive_count = 3;

  bool email_enabled = false;
  std::string smtp_server;
  std::uint16_t smtp_port = 587;
  bool smtp_use_tls = true;
  std::string smtp_username;
  std::string smtp_password;
  std::string alert_email_recipients;
  Milliseconds email_rate_limit{15 * 60'000};

  int history_retention_days = 30;
  bool data_archiving_enabled = true;
  bool cache_enabled = false;
  std::string redis_host = "localhost";
  std::uint16_t redis_port = 6379;
  int redis_db = 0;
  std::string redis_password;

  int max_login_attempts = 3;
  Milliseconds account_lockout_duration{10 * 60'000};
  int password_min_length = 8;
  double theoretical_production_rate = 100;  ///< Pieces per hour.
  double oee_warning_threshold = 80;         ///< Per cent.

  std::filesystem::path plc_program;
  std::string plc_opc_ua_host = "127.0.0.1";
  std::uint16_t plc_opc_ua_port = 4841;
  std::string gateway_opc_ua_host = "127.0.0.1";
  std::uint16_t gateway_opc_ua_port = 4840;
  std::uint16_t plc_modbus_port = 0;  ///< 0 = off.

  std::filesystem::path data_dir;  ///< data/
  std::filesystem::path log_dir;   ///< logs/
  std::filesystem::path run_dir;   ///< run/: status files, live.sock, wattline.pid
  bool production = false;         ///< WATTLINE_ENV=production
  std::string time_zone;           ///< TZ; empty: the plant's zone of plant.json.
  int demo_history_days = 7;
  Milliseconds backup_interval{24 * 3'600'000};
  int backup_keep = 7;
  std::filesystem::path backup_dir;  ///< backups/

  std::filesystem::path gateway_config() const { return root / "config" / "gateway.json"; }
  std::filesystem::path plant_config() const { return root / "config" / "plant.json"; }
  std::filesystem::path notify_config() const { return root / "config" / "notify.json"; }
  std::filesystem::path live_socket() const { return run_dir / "live.sock"; }
  std::filesystem::path retain_dir() const { return data_dir / "retain"; }
  /// Certificates: own/, trusted/, rejected/.
  std::filesystem::path pki_dir() const { return data_dir / "pki"; }
  std::filesystem::path outbox_dir() const { return data_dir / "outbox"; }
  std::filesystem::path archive_dir() const { return data_dir / "archive"; }
  LogOptions log_options(std::string process) const;

  bool operator==(const Settings&) const = default;
};

struct LoadedSettings {
  Settings values;
  std::vector<std::string> warnings;  ///< Unknown keys with the nearest known name; log them.
};

/// Reads `<root>/.env` (it may be missing), then lets `environment` override it; of the environment
/// only our own keys are looked at. An empty value means the default. The error names
/// `.env:line: KEY: reason`, or `environment: KEY: reason`; all mistakes at once, a line each.
Result<LoadedSettings> load_settings(const std::filesystem::path& root,
                                     const std::map<std::string, std::string>& environment);

/// The same with the text of an `.env` that does not lie at the root (yet): that of a backup.
Result<LoadedSettings> load_settings_from(const std::filesystem::path& root,
                                          const std::string& env_text,
                                          const std::map<std::string, std::string>& environment);

/// The environment of this process, for main().
std::map<std::string, std::string> process_environment();

/// `wanted` (from --root) when it is not empty; else the folder with config/plant.json at or above
/// the working directory, or at or above the program itself; else the working directory.
std::filesystem::path installation_root(const std::filesystem::path& wanted = {});

/// Makes the data, log and run directories. The error names the path and the key to set.
Result<void> prepare_directories(const Settings& settings);

/// What all five main() do first. The data, log and run directories exist and are writable
/// afterwards; logging to `<log_dir>/<process>.log` (and to stderr at a terminal) is started and
/// the warnings are logged; core dumps are off. Throws StartError, which main() prints before it
/// ends with code 2.
Settings start_process(const std::filesystem::path& root, const std::string& process);

}  // namespace wl
