// What the account tables need of an engine. Internal to src/storage.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// A value for a `?`; it owns its text.
class SqlValue {
 public:
  SqlValue(std::nullopt_t) {}
  SqlValue(std::int64_t value) : value_(value) {}
  SqlValue(int value) : value_(std::int64_t{value}) {}
  SqlValue(std::size_t value) : value_(static_cast<std::int64_t>(value)) {}
  SqlValue(std::string value) : value_(std::move(value)) {}
  SqlValue(std::string_view value) : value_(std::string(value)) {}
  SqlValue(const char* value) : value_(std::string(value)) {}
  SqlValue(Timestamp value) : value_(to_unix_ms(value)) {}
  template <class T>
  SqlValue(const std::optional<T>& value) {
    if (value) *this = SqlValue(*value);
  }

  const std::variant<std::monostate, std::int64_t, std::string>& content() const { return value_; }

 private:
  std::variant<std::monostate, std::int64_t, std::string> value_;
};

using SqlValues = std::vector<SqlValue>;

/// The row that a query is at. A NULL reads as 0 or "".
class SqlRow {
 public:
  virtual ~SqlRow() = default;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string text(int column) const = 0;
  virtual bool null(int column) const = 0;

  Timestamp time(int column) const { return from_unix_ms(integer(column)); }
  std::optional<Timestamp> time_or_null(int column) const {
    return null(column) ? std::nullopt : std::optional(time(column));
  }
};

struct SqlDone {
  std::int64_t rows = 0;  ///< Found by an UPDATE or DELETE, also where nothing changed.
  std::int64_t insert_id = 0;
};

/// One connection's worth of SQL that both engines speak: `?` for values, backticks around names.
/// Every call may throw DatabaseError. Not thread-safe.
class AccountSql {
 public:
  virtual ~AccountSql() = default;

  /// Runs `work` in one transaction; what it throws rolls back. It is run once more when the
  /// connection was lost before the COMMIT, so it must bear repetition.
  virtual void transact(Access access, const std::function<void()>& work) = 0;

  /// Both only inside transact().
  virtual SqlDone run(const std::string& sql, const SqlValues& values) = 0;
  virtual void each(const std::string& sql, const SqlValues& values,
                    const std::function<void(const SqlRow&)>& take) = 0;

  /// Behind a SELECT whose rows nobody else may change until the end of the transaction.
  virtual std::string for_update() const = 0;
  /// A query that gives 1 when triggers keep the audit log append-only.
  virtual std::string guard_query() const = 0;
};

/// Runs `work` in a transaction and makes a Result of what it returns or throws.
template <class Work>
auto attempt(AccountSql& sql, Access access, Work work) -> Result<std::invoke_result_t<Work&>> {
  using T = std::invoke_result_t<Work&>;
  try {
    if constexpr (std::is_void_v<T>) {
      sql.transact(access, work);
      return {};
    } else {
      std::optional<T> done;
      sql.transact(access, [&] { done.emplace(work()); });
      return std::move(*done);
    }
  } catch (const DatabaseError& error) {
    return std::unexpected(error.error());
  }
}

/// `(?, ?, ?)`
std::string question_marks(std::size_t count);

}  // namespace wl::storage
