#include "apps/settings/database_options.hpp"

namespace wl {
namespace {

std::vector<std::string> split_hosts(const std::string& list) {
  std::vector<std::string> hosts;
  std::string host;
  for (const char letter : list + ",") {
    if (letter == ',') {
      if (!host.empty()) hosts.push_back(std::exchange(host, {}));
    } else if (letter != ' ') {
      host += letter;
    }
  }
  return hosts;
}

}  // namespace

storage::DatabaseOptions database_options(const Settings& settings, const Plant& plant) {
  storage::DatabaseOptions options;
  options.sqlite_path = settings.db_sqlite_path;
  options.time_zone = settings.time_zone.empty() ? plant.time_zone : settings.time_zone;
  if (options.time_zone.empty()) options.time_zone = "UTC";
  if (settings.db_type != DatabaseKind::mysql) return options;
  storage::MysqlOptions mysql;
  mysql.hosts = split_hosts(settings.db_host);
  mysql.port = settings.db_port;
  mysql.user = settings.db_user;
  mysql.password = settings.db_password;
  mysql.database = settings.db_name;
  mysql.pool_size = settings.db_pool_size;
  mysql.max_overflow = settings.db_max_overflow;
  mysql.recycle = settings.db_pool_recycle;
  options.mysql = std::move(mysql);
  return options;
}

}  // namespace wl
