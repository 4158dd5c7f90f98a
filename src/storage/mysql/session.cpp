#include "storage/mysql/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "storage/mysql/connection.hpp"

namespace wl::storage::mysql {
namespace {

/// A batch of 480 samples needs some kB; below this one large hour may not fit.
constexpr std::uint64_t min_packet_bytes = 1u << 20;

/// An idle connection is closed by the server after this; the pool replaces its own earlier.
constexpr int idle_seconds = 300;
/// A client that vanished inside a transaction would hold its locks until then. MariaDB only.
constexpr int idle_transaction_seconds = 60;

std::uint64_t to_number(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string cell(const TextRow& row, std::size_t column) {
  return row.at(column).value_or("");
}

void set_up(Connection& connection, Milliseconds lock_wait) {
  const auto seconds = std::max<std::int64_t>(1, (lock_wait.count() + 999) / 1000);
  connection.command("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
  connection.command(
      fmt::format("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', "
                  "time_zone = '+00:00', autocommit = 1, wait_timeout = {}, "
                  "innodb_lock_wait_timeout = {}, lock_wait_timeout = {}",
                  idle_seconds, seconds, seconds));
  connection.command("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
}

SessionFacts read_back(Connection& connection) {
  const auto rows = connection.rows(
      "SELECT @@character_set_client, @@character_set_connection, @@character_set_results, "
      "@@sql_mode, @@time_zone, @@autocommit, @@global.read_only, @@max_allowed_packet, VERSION()");
  const TextRow& row = rows.at(0);
  return {.client_charset = cell(row, 0),
          .connection_charset = cell(row, 1),
          .results_charset = cell(row, 2),
          .sql_mode = cell(row, 3),
          .time_zone = cell(row, 4),
          .autocommit = cell(row, 5),
          .read_only = cell(row, 6),
          .max_allowed_packet = cell(row, 7),
          .version = cell(row, 8)};
}

/// A node that has not yet applied what another one acknowledged must not answer.
bool set_up_cluster(Connection& connection) {
  const auto rows = connection.rows("SHOW SESSION VARIABLES LIKE 'wsrep_on'");
  if (rows.empty() || cell(rows[0], 1) != "ON") return false;
  const auto ready = connection.rows("SHOW STATUS LIKE 'wsrep_ready'");
  if (ready.empty() || cell(ready[0], 1) != "ON") {
    throw HostUnusable({Errc::unavailable,
                        fmt::format("the cluster node {} is not ready: does it see the majority of "
                                    "its cluster?",
                                    connection.place().host)});
  }
  connection.command("SET SESSION wsrep_sync_wait = 7");
  return true;
}

[[noreturn]] void refuse(const Place& place, const std::string& what) {
  throw HostUnusable(
      {Errc::unavailable, fmt::format("the database server {} {}", place.host, what)});
}

}  // namespace

void check_session(const SessionFacts& facts, const Place& place) {
  struct Wanted {
    std::string_view name;
    std::string found;
    std::string_view value;
  };
  const std::array<Wanted, 5> all{
      {{"character_set_client", facts.client_charset, "utf8mb4"},
       {"character_set_connection", facts.connection_charset, "utf8mb4"},
       {"character_set_results", facts.results_charset, "utf8mb4"},
       {"time_zone", facts.time_zone, "+00:00"},
       {"autocommit", facts.autocommit, "1"}}};
  for (const Wanted& wanted : all) {
    if (wanted.found == wanted.value) continue;
    refuse(place, fmt::format("keeps {} = '{}' for the session, where Wattline needs '{}': is a "
                              "proxy in between that drops SET?",
                              wanted.name, wanted.found, wanted.value));
  }
  if (facts.sql_mode.find("STRICT_ALL_TABLES") == std::string::npos) {
    refuse(place, fmt::format("keeps sql_mode = '{}' for the session, where Wattline needs "
                              "STRICT_ALL_TABLES: is a proxy in between that drops SET?",
                              facts.sql_mode));
  }
  if (facts.read_only != "0") {
    refuse(place,
           "is read-only. Name the primary server in DB_HOST, or SET GLOBAL read_only = 0 there");
  }
  if (to_number(facts.max_allowed_packet) < min_packet_bytes) {
    refuse(place, fmt::format("has max_allowed_packet = {}, Wattline needs {} and works best with "
                              "16777216: SET GLOBAL max_allowed_packet there",
                              facts.max_allowed_packet, min_packet_bytes));
  }
}

Server prepare_session(Connection& connection, Milliseconds lock_wait) {
  set_up(connection, lock_wait);
  const SessionFacts facts = read_back(connection);
  check_session(facts, connection.place());
  Server server{.version = facts.version,
                .is_mariadb = facts.version.find("MariaDB") != std::string::npos,
                .is_cluster = false,
                .max_packet_bytes = to_number(facts.max_allowed_packet)};
  if (server.is_mariadb) {
    connection.command(
        fmt::format("SET SESSION idle_transaction_timeout = {}", idle_transaction_seconds));
    server.is_cluster = set_up_cluster(connection);
  }
  return server;
}

}  // namespace wl::storage::mysql
