// For tests: a Galera cluster of three MariaDB servers on loopback ports of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/mysql/testing/mariadb_server.hpp"

namespace wl::storage::mysql {

/// Needs the Debian packages mariadb-server-core and galera-4. All nodes begin empty and equal, so
/// none needs a state transfer; one that was killed cannot come back.
class GaleraCluster {
 public:
  static constexpr std::size_t size = 3;

  /// Returns when all nodes see each other. Throws std::runtime_error with the end of a log.
  GaleraCluster();

  MariadbServer& node(std::size_t index) const { return *nodes_.at(index); }
  /// In every node, with all nodes in `hosts`, in their order.
  MysqlOptions create_database(const std::string& name) const;

 private:
  std::vector<std::unique_ptr<MariadbServer>> nodes_;
};

}  // namespace wl::storage::mysql
