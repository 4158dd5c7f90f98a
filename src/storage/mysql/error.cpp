#include "storage/mysql/error.hpp"

#include <errmsg.h>
#include <fmt/format.h>
#include <mysqld_error.h>

namespace wl::storage::mysql {
namespace {

// Not in the header of libmariadb 3.3: newer, or of MySQL only.
constexpr unsigned er_wsrep_not_ready = 1047;  // The header calls it ER_UNKNOWN_COM_ERROR.
constexpr unsigned er_client_idle = 4031;      // MySQL 8: wait_timeout.
constexpr unsigned er_file_write = 3;          // EE_WRITE
constexpr unsigned cr_read_interrupted = 5013;
constexpr unsigned cr_write_interrupted = 5014;

std::string how_to_grant(const Place& place) {
  return fmt::format("GRANT ALL PRIVILEGES ON {}.* TO '{}'@'%';", place.database, place.user);
}

bool is_disk_full(const Failure& failure) {
  switch (failure.number) {
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:  // "The table is full": InnoDB says so when the disk is.
    case er_file_write:
      return true;
    default:
      break;
  }
  // "Got error 28 from storage engine": errno 28 is ENOSPC.
  return failure.text.find("No space left") != std::string::npos ||
         failure.text.find("error 28 ") != std::string::npos;
}

Error about_connecting(const Failure& failure, const Place& place) {
  switch (failure.number) {
    case CR_UNKNOWN_HOST:
      return {Errc::unavailable,
              fmt::format("the host of {} is not known ({}): check DB_HOST in .env", place.host,
                          failure.text)};
    case ER_ACCESS_DENIED_ERROR:
    case ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
      return {
          Errc::permission,
          fmt::format("the database server {} refuses the login of '{}' ({}): check DB_USER and "
                      "DB_PASSWORD in .env",
                      place.host, place.user, failure.text)};
    case ER_BAD_DB_ERROR:
      return {
          Errc::not_found,
          fmt::format("the database server {0} has no database '{1}' (DB_NAME). Create it there: "
                      "CREATE DATABASE {1} CHARACTER SET utf8mb4; {2}",
                      place.host, place.database, how_to_grant(place))};
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
      return {Errc::unavailable,
              fmt::format("the database server {} takes no more connections ({}): raise its "
                          "max_connections, or lower DB_POOL_SIZE and DB_MAX_OVERFLOW in .env",
                          place.host, failure.text)};
    case ER_HOST_NOT_PRIVILEGED:
    case ER_HOST_IS_BLOCKED:
      return {
          Errc::permission,
          fmt::format("the database server {} does not let this machine in ({}): allow it there "
                      "for '{}'",
                      place.host, failure.text, place.user)};
    case er_wsrep_not_ready:
      return {Errc::unavailable,
              fmt::format("the cluster node {} is not ready ({}): does it see the majority of its "
                          "cluster?",
                          place.host, failure.text)};
    default:
      return {
          Errc::unavailable,
          fmt::format("no database server answers at {} ({}): is it running there? Check DB_HOST "
                      "and DB_PORT in .env and the firewall",
                      place.host, failure.text)};
  }
}

bool is_about_connecting(unsigned number) {
  switch (number) {
    case CR_CONNECTION_ERROR:
    case CR_CONN_HOST_ERROR:
    case CR_UNKNOWN_HOST:
    case CR_SERVER_HANDSHAKE_ERR:
    case ER_ACCESS_DENIED_ERROR:
    case ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
    case ER_BAD_DB_ERROR:
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
    case ER_HOST_NOT_PRIVILEGED:
    case ER_HOST_IS_BLOCKED:
    case er_wsrep_not_ready:
      return true;
    default:
      return false;
  }
}

}  // namespace

Error explain(const Failure& failure, const Place& place) {
  if (is_about_connecting(failure.number)) return about_connecting(failure, place);
  const std::string at = fmt::format("the database {} at {}", place.database, place.host);
  if (is_disk_full(failure)) {
    return {Errc::unavailable, fmt::format("{}: the server's disk or the table is full ({}). Free "
                                           "some space there",
                                           at, failure.text)};
  }
  switch (failure.number) {
    case ER_LOCK_WAIT_TIMEOUT:
      return {Errc::unavailable, fmt::format("{}: another program holds a lock too long ({}). SHOW "
                                             "PROCESSLIST on the server names it",
                                             at, failure.text)};
    case ER_LOCK_DEADLOCK:
    case ER_CHECKREAD:
    case ER_TABLE_DEF_CHANGED:
      return {Errc::unavailable,
              fmt::format("{}: another write came between; nothing was stored, try again ({})", at,
                          failure.text)};
    case ER_OPTION_PREVENTS_STATEMENT:
    case ER_READ_ONLY_MODE:
    case ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
      return {
          Errc::unavailable,
          fmt::format("{}: the server is read-only ({}). Name the primary server in DB_HOST, or "
                      "SET GLOBAL read_only = 0 there",
                      at, failure.text)};
    case ER_DBACCESS_DENIED_ERROR:
    case ER_TABLEACCESS_DENIED_ERROR:
    case ER_COLUMNACCESS_DENIED_ERROR:
    case ER_SPECIFIC_ACCESS_DENIED_ERROR:
      return {Errc::permission, fmt::format("{}: '{}' lacks a right ({}). On the server: {}", at,
                                            place.user, failure.text, how_to_grant(place))};
    case ER_NO_SUCH_TABLE:
    case ER_BAD_FIELD_ERROR:
      return {Errc::not_found,
              fmt::format("{}: {}. Run `wattline init-db`; it keeps all data", at, failure.text)};
    case ER_NET_PACKET_TOO_LARGE:
    case CR_NET_PACKET_TOO_LARGE:
      return {
          Errc::unavailable,
          fmt::format("{}: {}. SET GLOBAL max_allowed_packet = 67108864 there", at, failure.text)};
    case ER_CRASHED_ON_USAGE:
    case ER_CRASHED_ON_REPAIR:
    case ER_NOT_KEYFILE:
    case ER_TABLE_CORRUPT:
    case ER_INDEX_CORRUPT:
      return {Errc::corrupt,
              fmt::format("{} is damaged ({}). Stop Wattline, keep a dump and restore "
                          "a backup with `wattline restore`",
                          at, failure.text)};
    case ER_DUP_ENTRY:
      return {Errc::conflict, fmt::format("{}: {}", at, failure.text)};
    default:
      return {Errc::unavailable,
              fmt::format("{}: {} (error {})", at, failure.text, failure.number)};
  }
}

bool is_lost(unsigned number) {
  switch (number) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_SERVER_LOST_EXTENDED:
    case CR_CONNECTION_ERROR:
    case CR_COMMANDS_OUT_OF_SYNC:  // What the server sends next belongs to an older question.
    case CR_MALFORMED_PACKET:
    case CR_STMT_CLOSED:
    case cr_read_interrupted:
    case cr_write_interrupted:
    case ER_SERVER_SHUTDOWN:
    case ER_CONNECTION_KILLED:
    case ER_NET_READ_ERROR:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_ERROR_ON_WRITE:
    case ER_NET_WRITE_INTERRUPTED:
    case er_wsrep_not_ready:
    case er_client_idle:
      return true;
    default:
      return false;
  }
}

bool takes_no_writes(unsigned number) {
  return number == ER_OPTION_PREVENTS_STATEMENT || number == ER_READ_ONLY_MODE;
}

bool is_fault_of_host(unsigned number) {
  switch (number) {
    case ER_ACCESS_DENIED_ERROR:
    case ER_ACCESS_DENIED_NO_PASSWORD_ERROR:
    case ER_BAD_DB_ERROR:
    case ER_DBACCESS_DENIED_ERROR:
      return false;
    default:
      return true;
  }
}

}  // namespace wl::storage::mysql
