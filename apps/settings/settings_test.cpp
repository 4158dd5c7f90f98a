#include "apps/settings/settings.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "apps/settings/keys.hpp"

namespace wl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Environment = std::map<std::string, std::string>;

/// A folder of its own with a .env; gone afterwards.
class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "wl-settings-XXXXXX").string();
    root_ = std::filesystem::canonical(::mkdtemp(name.data()));
  }
  ~SettingsTest() override { std::filesystem::remove_all(root_); }

  Result<LoadedSettings> load(const std::string& env_file, const Environment& environment = {}) {
    std::ofstream(root_ / ".env") << env_file;
    return load_settings(root_, environment);
  }
  Settings values(const std::string& env_file, const Environment& environment = {}) {
    return load(env_file, environment).value().values;
  }
  std::string mistake(const std::string& env_file, const Environment& environment = {}) {
    return load(env_file, environment).error().what;
  }

  std::filesystem::path root_;
};

TEST_F(SettingsTest, without_a_file_every_key_has_its_default) {
  const auto loaded = load_settings(root_, {});

  ASSERT_TRUE(loaded.has_value()) << loaded.error().what;
  EXPECT_THAT(loaded->warnings, IsEmpty());
  EXPECT_EQ(loaded->values.db_sqlite_path, root_ / "data" / "wattline.db");
  EXPECT_EQ(loaded->values.plc_program, root_ / "plc_program");
  EXPECT_EQ(loaded->values.opc_ua_server_url, "opc.tcp://localhost:4840");
  EXPECT_EQ(loaded->values.web_port, 5000);
}

TEST_F(SettingsTest, the_file_replaces_a_default) {
  const Settings settings = values("WEB_PORT=8080\nLOG_LEVEL=debug\nWEB_DEBUG=yes\n");

  EXPECT_EQ(settings.web_port, 8080);
  EXPECT_EQ(settings.log_level, "DEBUG");
  EXPECT_TRUE(settings.web_debug);
}

TEST_F(SettingsTest, the_environment_overrides_the_file) {
  EXPECT_EQ(values("WEB_PORT=8080\n", {{"WEB_PORT", "9090"}}).web_port, 9090);
}

TEST_F(SettingsTest, the_environment_overrides_the_file_under_the_old_name_too) {
  EXPECT_EQ(values("WEB_PORT=8080\n", {{"FLASK_PORT", "9090"}}).web_port, 9090);
}

TEST_F(SettingsTest, old_names_keep_working) {
  const Settings settings = values("FLASK_HOST=0.0.0.0\nSQLITE_DB_PATH=old/energy.db\n");

  EXPECT_EQ(settings.web_host, "0.0.0.0");
  EXPECT_EQ(settings.db_sqlite_path, root_ / "old" / "energy.db");
}

TEST_F(SettingsTest, an_empty_value_means_the_default) {
  EXPECT_EQ(values("WEB_PORT=\nDB_HOST=\n").web_port, 5000);
}

TEST_F(SettingsTest, a_bare_number_counts_in_the_unit_of_its_key) {
  const Settings settings = values(
      "SESSION_TIMEOUT=45\nBATCH_WRITE_INTERVAL=5\nDATA_CACHE_SIZE=64\nBACKUP_INTERVAL=12\n");

  EXPECT_EQ(settings.session_timeout, std::chrono::minutes{45});
  EXPECT_EQ(settings.batch_write_interval, std::chrono::seconds{5});
  EXPECT_EQ(settings.data_cache_size, 64'000'000u);
  EXPECT_EQ(settings.backup_interval, std::chrono::hours{12});
}

TEST_F(SettingsTest, a_suffix_names_the_unit) {
  const Settings settings =
      values("SESSION_TIMEOUT=2h\nDATA_COLLECTION_INTERVAL=500ms\nLOG_MAX_SIZE=100kB\n");

  EXPECT_EQ(settings.session_timeout, std::chrono::hours{2});
  EXPECT_EQ(settings.data_collection_interval, Milliseconds{500});
  EXPECT_EQ(settings.log_max_size, 100'000u);
}

TEST_F(SettingsTest, relative_paths_start_at_the_root_and_absolute_ones_stay) {
  const Settings settings = values("WATTLINE_DATA_DIR=/srv/wl\nWATTLINE_RUN_DIR=var/../run2\n");

  EXPECT_EQ(settings.data_dir, "/srv/wl");
  EXPECT_EQ(settings.db_sqlite_path, "/srv/wl/wattline.db");
  EXPECT_EQ(settings.run_dir, root_ / "run2");
}

TEST_F(SettingsTest, the_collector_follows_the_port_of_its_own_gateway) {
  EXPECT_EQ(values("GATEWAY_OPC_UA_PORT=14840\n").opc_ua_server_url, "opc.tcp://localhost:14840");
  EXPECT_EQ(values("GATEWAY_OPC_UA_HOST=10.0.0.5\n").opc_ua_server_url, "opc.tcp://10.0.0.5:4840");
}

TEST_F(SettingsTest, all_mistakes_are_reported_at_once_with_line_and_key) {
  const std::string text = mistake("\nWEB_PORT=70000\nLOG_LEVEL=loud\nWEB_DEBUG=maybe\n");

  EXPECT_THAT(text, HasSubstr(".env:2: WEB_PORT: 70000 is outside 1 to 65535"));
  EXPECT_THAT(text, HasSubstr(".env:3: LOG_LEVEL: 'loud' is not DEBUG"));
  EXPECT_THAT(text, HasSubstr(".env:4: WEB_DEBUG: 'maybe' is neither True nor False"));
}

TEST_F(SettingsTest, a_mistake_of_the_environment_is_named_as_such) {
  EXPECT_EQ(mistake("", {{"FLASK_PORT", "http"}}),
            "environment: FLASK_PORT: 'http' is not a whole number");
}

TEST_F(SettingsTest, a_duration_outside_its_range_tells_range_and_unit) {
  EXPECT_EQ(mistake("OPC_UA_TIMEOUT=0\n"),
            ".env:1: OPC_UA_TIMEOUT: '0' is outside 100ms to 5min (a bare number counts in 1s)");
}

TEST_F(SettingsTest, a_broken_line_is_named) {
  EXPECT_EQ(mistake("WEB_PORT=1\nnonsense\n"), ".env:2: want KEY=value");
}

TEST_F(SettingsTest, an_unknown_key_is_a_warning_with_the_nearest_name) {
  const auto loaded = load("WEB_PROT=8080\n");

  EXPECT_THAT(loaded.value().warnings,
              ElementsAre(".env:1: WEB_PROT: unknown key, ignored; did you mean WEB_PORT?"));
}

TEST_F(SettingsTest, unknown_keys_of_the_environment_are_not_ours) {
  EXPECT_THAT(load("", {{"WEB_PROT", "1"}, {"PATH", "/bin"}}).value().warnings, IsEmpty());
}

TEST_F(SettingsTest, the_last_of_two_lines_wins_and_says_so) {
  const auto loaded = load("WEB_PORT=1000\nFLASK_PORT=2000\n");

  EXPECT_EQ(loaded.value().values.web_port, 2000);
  EXPECT_THAT(loaded.value().warnings,
              ElementsAre(".env:2: FLASK_PORT: replaces WEB_PORT of .env:1"));
}

TEST_F(SettingsTest, protection_that_would_have_no_effect_stops_the_start) {
  EXPECT_THAT(mistake("OPC_UA_SECURITY_POLICY=Basic128\n"),
              HasSubstr(".env:1: OPC_UA_SECURITY_POLICY: 'Basic128' is none of None, Basic256Sha"));
  EXPECT_THAT(mistake("OPC_UA_SECURITY_POLICY=Basic256Sha256\nOPC_UA_SECURITY_MODE=None\n"),
              HasSubstr(".env:2: OPC_UA_SECURITY_MODE: 'None' does not go with"));
  EXPECT_THAT(mistake("IP_ALLOWLIST=10.0.0.0/8, plant.local\n"),
              HasSubstr(".env:1: IP_ALLOWLIST: 'plant.local' is no IP address"));
  EXPECT_THAT(mistake("WEB_TRUSTED_PROXIES=10.0.0.1/8\n"), HasSubstr("bits behind its prefix"));
  EXPECT_THAT(mistake("WEB_TLS_CERT=web.pem\n"), HasSubstr("WEB_TLS_KEY is missing"));
}

TEST_F(SettingsTest, a_convenience_without_effect_is_a_warning) {
  EXPECT_THAT(load("PLC_MODBUS_PORT=502\n").value().warnings,
              ElementsAre(".env:1: PLC_MODBUS_PORT: this version serves no Modbus"));
}

TEST_F(SettingsTest, a_redis_on_another_machine_needs_a_password) {
  const std::string there = "CACHE_ENABLED=True\nREDIS_HOST=10.0.0.9\n";

  EXPECT_THAT(load(there).value().warnings,
              ElementsAre(HasSubstr("REDIS_PASSWORD: is empty: whoever reaches Redis")));
  EXPECT_THAT(mistake(there + "WATTLINE_ENV=production\nSECRET_KEY=0123456789abcdef0123\n"),
              HasSubstr("REDIS_PASSWORD: is empty"));
  EXPECT_TRUE(load(there + "REDIS_PASSWORD=p\n").value().warnings.empty());
  EXPECT_TRUE(load("CACHE_ENABLED=True\n").value().warnings.empty());
}

TEST_F(SettingsTest, mail_needs_a_server_and_somebody_who_reads_it) {
  const std::string text = mistake("EMAIL_ENABLED=True\nSMTP_SERVER=\n");

  EXPECT_THAT(text, HasSubstr(".env:2: SMTP_SERVER: is empty, and EMAIL_ENABLED=True"));
  EXPECT_THAT(text, HasSubstr("default: ALERT_EMAIL_RECIPIENTS: is empty"));
  EXPECT_THAT(load("SMTP_SERVER=a b\nALERT_EMAIL_RECIPIENTS=li\n").value().warnings, IsEmpty());
}

TEST_F(SettingsTest, a_mail_address_or_server_with_a_mistake_is_shown) {
  const std::string text = mistake(
      "EMAIL_ENABLED=True\nSMTP_SERVER=mail.plant.example:25\n"
      "ALERT_EMAIL_RECIPIENTS=li@plant.example,wang\nSMTP_PASSWORD=k\n");

  EXPECT_THAT(text, HasSubstr(".env:2: SMTP_SERVER: 'mail.plant.example:25' is not the name or"));
  EXPECT_THAT(text, HasSubstr(".env:3: ALERT_EMAIL_RECIPIENTS: 'wang' is not a mail address"));
  EXPECT_THAT(text, HasSubstr(".env:4: SMTP_PASSWORD: without SMTP_USERNAME"));
}

TEST_F(SettingsTest, a_readable_mail_password_is_told_and_refused_in_production) {
  const std::string keys =
      "EMAIL_ENABLED=True\nSMTP_SERVER=mail\nSMTP_USERNAME=alarm\nSMTP_PASSWORD=k\n"
      "ALERT_EMAIL_RECIPIENTS=li@plant.example\nSMTP_USE_TLS=False\n";

  EXPECT_THAT(load(keys).value().warnings,
              ElementsAre(".env:6: SMTP_USE_TLS: False sends SMTP_PASSWORD readable to 'mail'"));
  EXPECT_THAT(mistake(keys + "WATTLINE_ENV=production\n"), HasSubstr(".env:6: SMTP_USE_TLS: "));
  EXPECT_TRUE(values(keys + "SMTP_USE_TLS=True\nWATTLINE_ENV=production\n").email_enabled);
}

TEST_F(SettingsTest, production_refuses_a_guessable_secret_and_open_plant_links) {
  const std::string text =
      mistake("WATTLINE_ENV=production\nSECRET_KEY=changeme\nGATEWAY_OPC_UA_HOST=0.0.0.0\n");

  EXPECT_THAT(text, HasSubstr(".env:2: SECRET_KEY: too easy to guess"));
  EXPECT_THAT(text, HasSubstr(".env:3: GATEWAY_OPC_UA_HOST: '0.0.0.0' is not this machine"));
}

TEST_F(SettingsTest, production_on_one_machine_starts) {
  EXPECT_TRUE(values("WATTLINE_ENV=production\n").production);
}

TEST_F(SettingsTest, the_keys_of_a_database_server_matter_with_mysql_only) {
  const std::string keys = "DB_HOST=db1,,db2\nDB_NAME=a b\n";

  EXPECT_EQ(values(keys).db_host, "db1,,db2");
  const std::string text = mistake(keys + "DB_TYPE=mysql\n");
  EXPECT_THAT(text, HasSubstr(".env:1: DB_HOST: '' is not a host or host:port"));
  EXPECT_THAT(text, HasSubstr(".env:2: DB_NAME: 'a b' is not a name"));
}

TEST_F(SettingsTest, a_login_without_a_password_is_told_and_refused_in_production) {
  EXPECT_THAT(
      load("DB_TYPE=mysql\n").value().warnings,
      ElementsAre("default: DB_PASSWORD: is empty: energy_user signs in without a password"));
  EXPECT_THAT(mistake("DB_TYPE=mysql\nWATTLINE_ENV=production\n"),
              HasSubstr("default: DB_PASSWORD: empty or easy to guess"));
  EXPECT_THAT(mistake("DB_TYPE=mysql\nWATTLINE_ENV=production\nDB_PASSWORD=energy_user\n"),
              HasSubstr(".env:3: DB_PASSWORD: empty or easy to guess"));
  EXPECT_TRUE(values("WATTLINE_ENV=production\nDB_TYPE=mysql\nDB_PASSWORD=Rh4-kx\n").production);
}

TEST_F(SettingsTest, a_time_zone_must_exist) {
  EXPECT_EQ(values("TZ=:Asia/Shanghai\n").time_zone, "Asia/Shanghai");
  EXPECT_THAT(mistake("TZ=Mars/Olympus\n"), HasSubstr(".env:1: TZ: 'Mars/Olympus' is not"));
  EXPECT_THAT(mistake("TZ=../../etc/passwd\n"), HasSubstr(".env:1: TZ:"));
}

TEST_F(SettingsTest, only_an_opc_tcp_address_is_a_server) {
  EXPECT_THAT(mistake("OPC_UA_SERVER_URL=localhost:4840\n"), HasSubstr("not opc.tcp://host:port"));
}

TEST_F(SettingsTest, several_servers_may_be_named) {
  EXPECT_EQ(values("OPC_UA_SERVER_URL=opc.tcp://a:1, opc.tcp://b:2\n").opc_ua_server_url,
            "opc.tcp://a:1, opc.tcp://b:2");
  EXPECT_THAT(mistake("OPC_UA_SERVER_URL=opc.tcp://a:1,b:2\n"), HasSubstr("'b:2' is not opc.tcp"));
}

TEST_F(SettingsTest, production_reaches_another_machine_with_encryption_and_login_only) {
  const std::string remote = "WATTLINE_ENV=production\nOPC_UA_SERVER_URL=opc.tcp://kepserver:1\n";
  EXPECT_THAT(mistake(remote), HasSubstr("OPC_UA_SERVER_URL: 'kepserver' is not this machine"));

  const auto loaded = values(remote +
                             "OPC_UA_SECURITY_POLICY=Basic256Sha256\n"
                             "OPC_UA_SECURITY_MODE=SignAndEncrypt\n"
                             "OPC_UA_USERNAME=wattline\nOPC_UA_PASSWORD=Rh4-kx\n");

  EXPECT_EQ(loaded.opc_ua_username, "wattline");
}

TEST_F(SettingsTest, a_root_that_does_not_exist_is_named) {
  EXPECT_EQ(load_settings("/nonexistent/wl", {}).error().what,
            "/nonexistent/wl: no such folder (--root)");
}

}  // namespace
}  // namespace wl
