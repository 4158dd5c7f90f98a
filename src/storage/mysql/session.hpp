// What a server must be set to before any of our statements runs there, whatever its defaults are.
#pragma once

#include <string>

#include "base/time.hpp"
#include "storage/mysql/error.hpp"

namespace wl::storage::mysql {

class Connection;
struct Server;

/// What a session says about itself after it was set up.
struct SessionFacts {
  std::string client_charset;
  std::string connection_charset;
  std::string results_charset;
  std::string sql_mode;
  std::string time_zone;
  std::string autocommit;
  std::string read_only;
  std::string max_allowed_packet;
  std::string version;
};

/// utf8mb4, STRICT_ALL_TABLES, UTC, one snapshot a transaction, bounded waits for locks; a
/// transaction that its client abandoned ends after a minute. Reads everything back and throws
/// HostUnusable when the server keeps something else or is read-only.
Server prepare_session(Connection& connection, Milliseconds lock_wait);

/// Throws HostUnusable, with the setting in its text.
void check_session(const SessionFacts& facts, const Place& place);

}  // namespace wl::storage::mysql
