// For tests: a real MariaDB server on a directory and a loopback port of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace wl::storage::mysql {

/// A port of `address` that was free a moment ago.
std::uint16_t free_port(const std::string& address = "127.0.0.1");

/// Needs the Debian package mariadb-server-core. Started by root it runs as the user nobody. It
/// ends, and its directory goes away, with this object; also when the test program is killed.
/// Functions throw std::runtime_error with the end of the server's log.
class MariadbServer {
 public:
  /// `flags` are added to the server's command line, as `--time-zone=+05:00`.
  explicit MariadbServer(std::vector<std::string> flags = {});
  ~MariadbServer();
  MariadbServer(const MariadbServer&) = delete;
  MariadbServer& operator=(const MariadbServer&) = delete;

  void stop();   ///< SIGTERM, and waits.
  void kill();   ///< SIGKILL, and waits.
  void pause();  ///< SIGSTOP
  void go_on();  ///< SIGCONT
  void start();  ///< On the same directory and port; returns when it answers.
  /// The flags of the next start().
  void set_flags(std::vector<std::string> flags) { flags_ = std::move(flags); }

  /// As the administrator, without a database.
  void sql(const std::string& statement) const;
  /// First column of the first row.
  std::string ask(const std::string& query) const;

  /// Makes an empty database and a user who may do everything there.
  MysqlOptions create_database(const std::string& name) const;

  /// May do everything; without a database.
  MysqlOptions administrator() const;
  std::uint16_t port() const { return port_; }
  std::string log() const;
  std::filesystem::path data_directory() const { return directory_ / "data"; }

 private:
  void install() const;
  pid_t spawn(const std::vector<std::string>& command) const;
  void wait_until_it_answers();
  std::filesystem::path directory_;
  std::vector<std::string> flags_;
  std::uint16_t port_ = 0;
  pid_t server_ = 0;
};

/// Options for one database of a server.
DatabaseOptions options_of(MysqlOptions mysql);

}  // namespace wl::storage::mysql
