// One connection to a MariaDB or MySQL server, in the one state that all our SQL relies on.
#pragma once

#include <mysql.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/host_port.hpp"
#include "storage/mysql/error.hpp"
#include "storage/mysql/statement.hpp"
#include "storage/store.hpp"

namespace wl::storage::mysql {

/// What a statement did.
struct Changed {
  std::uint64_t rows = 0;  ///< Found ones, also where nothing changed; an upsert counts 1 or 2.
  std::uint64_t insert_id = 0;  ///< AUTO_INCREMENT, or what LAST_INSERT_ID(x) was given.
};

/// Rows of a query without parameters, as text; nothing is NULL.
using TextRow = std::vector<std::optional<std::string>>;

/// What the server says about the session, see session.hpp.
struct Server {
  std::string version;      ///< `10.11.6-MariaDB-0+deb12u1`
  bool is_mariadb = false;  ///< Else MySQL.
  bool is_cluster = false;  ///< A node of a Galera cluster.
  std::uint64_t max_packet_bytes = 0;
};

/// How long to be patient; a connect takes MysqlOptions::timeout.
struct Waits {
  Milliseconds answer{10'000};  ///< Silence of the server in the middle of a statement.
  Milliseconds lock{5000};      ///< The server waits for another statement's lock.
};

/// Not thread-safe. Every function throws ConnectionLost when the connection is gone or silent for
/// the time-out (then broken() holds and it is of no more use), ServerError otherwise.
class Connection {
 public:
  /// Connects and prepares the session. Throws HostUnusable when another host may serve us,
  /// DatabaseError when the settings are wrong.
  Connection(const HostPort& host, const MysqlOptions& options, const Waits& waits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// One statement without parameters: transactions, schema. Result rows are dropped.
  void command(const std::string& sql) { rows(sql); }
  /// One query without parameters.
  std::vector<TextRow> rows(const std::string& sql);

  /// A prepared statement; it stays prepared for the next time.
  Changed run(std::string_view sql, std::span<const Parameter> parameters);
  void each(std::string_view sql, std::span<const Parameter> parameters,
            const std::function<void(const Row&)>& take);

  /// The server answers.
  bool alive();
  bool broken() const { return broken_; }
  /// Its state is not known any more: nobody may use it again.
  void give_up() { broken_ = true; }
  const Server& server() const { return server_; }
  const Place& place() const { return place_; }

 private:
  struct Close {
    void operator()(MYSQL* connection) const noexcept { mysql_close(connection); }
  };

  void connect(const HostPort& host, const MysqlOptions& options);
  Statement& prepared(std::string_view sql);
  [[noreturn]] void refuse(Failure failure, std::chrono::steady_clock::time_point began);

  Milliseconds answer_;
  Place place_;
  std::unique_ptr<MYSQL, Close> connection_;
  std::unordered_map<std::string, std::unique_ptr<Statement>> statements_;  // Before connection_.
  Server server_;
  bool broken_ = false;
};

}  // namespace wl::storage::mysql
