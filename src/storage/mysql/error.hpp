// What the errors of a MariaDB or MySQL server mean to a person, and to the code that retries.
#pragma once

#include <string>
#include <utility>

#include "storage/tables.hpp"

namespace wl::storage::mysql {

/// The connection is gone, or the server stopped serving it: a transaction on it was not committed,
/// or nobody knows. Another connection may work at once.
class ConnectionLost : public DatabaseError {
 public:
  enum class After { break_off, silence };
  ConnectionLost(Error error, After after) : DatabaseError(std::move(error)), after_(after) {}
  /// The time-out ran out: trying again would wait as long once more.
  bool was_silence() const { return after_ == After::silence; }

 private:
  After after_;
};

/// Any other refusal of the server.
class ServerError : public DatabaseError {
 public:
  ServerError(Error error, unsigned number) : DatabaseError(std::move(error)), number_(number) {}
  unsigned number() const { return number_; }  ///< mysqld_error.h

 private:
  unsigned number_;
};

/// This host cannot serve us now; another one of the list may.
class HostUnusable : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

/// What explain() may name.
struct Place {
  std::string host;  ///< `db1:3306`
  std::string user;
  std::string database;
};

/// Numbers of the server and of libmariadb, those that decide something here.
struct Failure {
  unsigned number = 0;
  std::string text;  ///< As the server said it.
};

/// Cause and next step, for every number; unknown ones are shown as they came.
Error explain(const Failure& failure, const Place& place);

/// The connection cannot be used any more.
bool is_lost(unsigned number);

/// The server became read-only after the connection was made.
bool takes_no_writes(unsigned number);

/// While connecting: the fault is this host's, not that of the settings.
bool is_fault_of_host(unsigned number);

}  // namespace wl::storage::mysql
