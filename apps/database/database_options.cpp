#include "apps/database/database_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/host_port.hpp"

namespace wl {
namespace {

std::vector<std::string> hosts_of(const Settings& settings) {
  const auto hosts = parse_host_list(settings.db_host, settings.db_port);
  if (!hosts) throw StartError(fmt::format("DB_HOST: {}", hosts.error().what));
  std::vector<std::string> names;
  for (const HostPort& host : *hosts) names.push_back(host.text());
  return names;
}

storage::MysqlOptions mysql_options(const Settings& settings) {
  storage::MysqlOptions options;
  options.hosts = hosts_of(settings);
  options.port = settings.db_port;
  options.user = settings.db_user;
  options.password = settings.db_password;
  options.database = settings.db_name;
  options.pool_size = settings.db_pool_size;
  options.max_overflow = settings.db_max_overflow;
  options.recycle = settings.db_pool_recycle;
  return options;
}

}  // namespace

storage::DatabaseOptions database_options(const Settings& settings) {
  storage::DatabaseOptions options;
  options.sqlite_path = settings.db_sqlite_path.string();
  if (!settings.time_zone.empty()) options.time_zone = settings.time_zone;
  if (settings.db_type == DatabaseKind::sqlite) return options;
  options.mysql = mysql_options(settings);
  auto pool = storage::make_connection_pool(*options.mysql, options.busy_timeout);
  if (!pool) throw StartError(fmt::format("DB_HOST: {}", pool.error().what));
  options.pool = std::move(*pool);
  return options;
}

storage::DatabaseOptions database_options(const Settings& settings, const Plant& plant) {
  storage::DatabaseOptions options = database_options(settings);
  if (settings.time_zone.empty() && !plant.time_zone.empty()) options.time_zone = plant.time_zone;
  return options;
}

std::string database_place(const Settings& settings) {
  if (settings.db_type == DatabaseKind::sqlite) return settings.db_sqlite_path.string();
  return fmt::format("{} at {}", settings.db_name, fmt::join(hosts_of(settings), ", "));
}

}  // namespace wl
