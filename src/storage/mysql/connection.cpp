#include "storage/mysql/connection.hpp"

#include <errmsg.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "storage/mysql/session.hpp"

namespace wl::storage::mysql {
namespace {

using Clock = std::chrono::steady_clock;

/// Statements kept prepared; beyond it all are prepared anew. The server has a limit for all its
/// connections together (max_prepared_stmt_count, 16,382).
constexpr std::size_t max_prepared = 200;

/// Bodies are far smaller; a row that is larger than this does not exist.
constexpr unsigned long max_client_packet = 1u << 30;

unsigned whole_seconds(Milliseconds time) {
  return static_cast<unsigned>(std::max<std::int64_t>(1, (time.count() + 999) / 1000));
}

void start_library() {
  // Not thread-safe by itself in libmariadb, a local static is.
  static const int failed = mysql_library_init(0, nullptr, nullptr);
  if (failed != 0) throw std::bad_alloc();
}

}  // namespace

Connection::Connection(const HostPort& host, const MysqlOptions& options, const Waits& waits)
    : answer_(waits.answer),
      place_{.host = host.text(), .user = options.user, .database = options.database} {
  start_library();
  connection_.reset(mysql_init(nullptr));
  if (!connection_) throw std::bad_alloc();
  try {
    connect(host, options);
    server_ = prepare_session(*this, waits.lock);
  } catch (const ConnectionLost& lost) {
    throw HostUnusable(lost.error());
  } catch (const ServerError& refusal) {
    if (is_fault_of_host(refusal.number())) throw HostUnusable(refusal.error());
    throw;
  }
}

Connection::~Connection() = default;

void Connection::connect(const HostPort& host, const MysqlOptions& options) {
  MYSQL* connection = connection_.get();
  const unsigned connect_seconds = whole_seconds(options.timeout);
  const unsigned seconds = whole_seconds(answer_);
  const unsigned tcp = MYSQL_PROTOCOL_TCP;  // "localhost" would mean a Unix socket otherwise.
  const unsigned long packet = max_client_packet;
  mysql_optionsv(connection, MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds);
  mysql_optionsv(connection, MYSQL_OPT_READ_TIMEOUT, &seconds);
  mysql_optionsv(connection, MYSQL_OPT_WRITE_TIMEOUT, &seconds);
  mysql_optionsv(connection, MYSQL_OPT_PROTOCOL, &tcp);
  mysql_optionsv(connection, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
  mysql_optionsv(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  mysql_optionsv(connection, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "wattline");
  const auto began = Clock::now();
  if (mysql_real_connect(connection, host.host.c_str(), options.user.c_str(),
                         options.password.c_str(), options.database.c_str(), host.port, nullptr,
                         CLIENT_FOUND_ROWS) != nullptr) {
    return;
  }
  Failure failure{mysql_errno(connection), mysql_error(connection)};
  // While the server greets, a broken line is the same to a person as no server.
  if (is_lost(failure.number) && failure.number < CR_MAX_ERROR) failure.number = CR_CONN_HOST_ERROR;
  if (failure.number == CR_SERVER_LOST) failure.number = CR_CONN_HOST_ERROR;
  refuse(std::move(failure), began);
}

std::vector<TextRow> Connection::rows(const std::string& sql) {
  MYSQL* connection = connection_.get();
  const auto began = Clock::now();
  if (mysql_real_query(connection, sql.data(), sql.size()) != 0) {
    refuse({mysql_errno(connection), mysql_error(connection)}, began);
  }
  struct Free {
    void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
  };
  const std::unique_ptr<MYSQL_RES, Free> result(mysql_store_result(connection));
  std::vector<TextRow> found;
  if (!result) {
    if (mysql_field_count(connection) == 0) return found;
    refuse({mysql_errno(connection), mysql_error(connection)}, began);
  }
  const unsigned columns = mysql_num_fields(result.get());
  while (const MYSQL_ROW cells = mysql_fetch_row(result.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(result.get());
    TextRow row(columns);
    for (unsigned i = 0; i < columns; ++i) {
      if (cells[i] != nullptr) row[i] = std::string(cells[i], lengths[i]);
    }
    found.push_back(std::move(row));
  }
  return found;
}

Changed Connection::run(std::string_view sql, std::span<const Parameter> parameters) {
  Statement& statement = prepared(sql);
  const auto began = Clock::now();
  if (const unsigned number = statement.run(parameters); number != 0) {
    refuse({number, statement.text()}, began);
  }
  return {.rows = statement.changed_rows(), .insert_id = statement.insert_id()};
}

void Connection::each(std::string_view sql, std::span<const Parameter> parameters,
                      const std::function<void(const Row&)>& take) {
  Statement& statement = prepared(sql);
  const auto began = Clock::now();
  unsigned number = statement.run(parameters);
  if (number == 0) number = statement.each(take);
  if (number != 0) refuse({number, statement.text()}, began);
}

bool Connection::alive() {
  if (broken_) return false;
  broken_ = mysql_ping(connection_.get()) != 0;
  return !broken_;
}

Statement& Connection::prepared(std::string_view sql) {
  const std::string key(sql);
  const auto found = statements_.find(key);
  if (found != statements_.end()) return *found->second;
  if (statements_.size() >= max_prepared) statements_.clear();
  auto statement = std::make_unique<Statement>(*connection_);
  const auto began = Clock::now();
  if (const unsigned number = statement->prepare(sql); number != 0) {
    refuse({number, statement->text()}, began);
  }
  return *statements_.emplace(key, std::move(statement)).first->second;
}

void Connection::refuse(Failure failure, Clock::time_point began) {
  const bool silent = Clock::now() - began >= answer_;
  if (takes_no_writes(failure.number)) {
    // A primary that was demoted serves reads for ever; only another host takes the batch.
    broken_ = true;
    throw ConnectionLost(explain(failure, place_), ConnectionLost::After::break_off);
  }
  if (!is_lost(failure.number)) {
    throw ServerError(explain(failure, place_), failure.number);
  }
  broken_ = true;
  if (silent) {
    throw ConnectionLost(
        {Errc::unavailable,
         fmt::format("the database server {} did not answer within {} s: is it overloaded, or the "
                     "network to it interrupted?",
                     place_.host, whole_seconds(answer_))},
        ConnectionLost::After::silence);
  }
  throw ConnectionLost(
      {Errc::unavailable, fmt::format("the connection to the database server {} broke off ({})",
                                      place_.host, failure.text)},
      ConnectionLost::After::break_off);
}

}  // namespace wl::storage::mysql
