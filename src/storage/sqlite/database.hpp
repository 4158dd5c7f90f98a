// One connection to the SQLite file: how it is opened, and what its errors mean to a person.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/strong_id.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// `PRAGMA application_id` of our files ("WLDB"); 0001_first_tables.sql sets it.
inline constexpr int application_id = 1464616002;

/// Who moves pages from the write-ahead log into the file. Exactly one process may: SQLite 3.40 has
/// a WAL-reset race between concurrent checkpointers.
enum class Checkpoints { by_this_connection, by_the_collector };

/// What stands at a path, before anything is written there.
enum class FileState {
  missing,
  empty,  ///< No byte, or a SQLite file without a table that nobody else claims.
  ours,
};

/// Looks without changing anything. Refuses a file that is not SQLite (`corrupt`), that belongs to
/// another program (`conflict`) or that may not be read (`permission`); path and next step in text.
Result<FileState> inspect_file(const std::string& path);

/// Version of the newest migration in an open database; 0 when there is none.
int schema_version(SQLite::Database& database);

/// Opens an existing database file read-write: foreign keys on, synchronous FULL (a commit that
/// returned is on disk), the busy time-out of `options`. Throws SQLite::Exception.
std::unique_ptr<SQLite::Database> connect(const DatabaseOptions& options, Checkpoints checkpoints);

/// What connect() sets on a connection. Throws SQLite::Exception.
void configure(SQLite::Database& database, Checkpoints checkpoints);

/// connect() after proving that the file is ours and its schema is the one this program knows.
Result<std::unique_ptr<SQLite::Database>> open_existing(const DatabaseOptions& options,
                                                        Checkpoints checkpoints);

class AccountSql;  // accounts/account_sql.hpp

/// migrate() of a file, and what open_account_store() needs of it.
Result<MigrationReport> migrate_sqlite(const DatabaseOptions& options, MigrationMode mode,
                                       const MigrationProgress& progress);
/// The part of it that needs no file system: all missing steps on an open file of ours. `database`
/// is connected as `options` say. Throws SQLite::Exception.
Result<MigrationReport> bring_up_to_date(SQLite::Database& database, const DatabaseOptions& options,
                                         const MigrationProgress& progress);
Result<std::unique_ptr<AccountSql>> open_sqlite_accounts(const DatabaseOptions& options);

/// Cause and next step: locked, full disk, damaged file, missing permission.
Error explain(const SQLite::Exception& exception, const std::string& path, std::string_view doing);

/// Runs `work`; SQLite exceptions end here and become an Error.
template <class Work>
auto guarded(const std::string& path, std::string_view doing, Work&& work)
    -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const SQLite::Exception& exception) {
    return std::unexpected(explain(exception, path, doing));
  }
}

/// A write transaction that takes the write lock at once: an upgrade from read to write fails with
/// SQLITE_BUSY_SNAPSHOT despite the busy time-out.
class WriteTransaction {
 public:
  explicit WriteTransaction(SQLite::Database& database)
      : transaction_(database, SQLite::TransactionBehavior::IMMEDIATE) {}
  void commit() { transaction_.commit(); }

 private:
  SQLite::Transaction transaction_;  // Rolls back when it was not committed.
};

/// Bytes for a BLOB column. They are not copied: they must live until the statement was run.
struct Blob {
  std::string_view bytes;
};

/// The content of a BLOB column.
inline std::string bytes_of(const SQLite::Column& column) {
  const auto* bytes = static_cast<const char*>(column.getBlob());  // Null when empty.
  return bytes == nullptr ? std::string() : std::string(bytes, std::size_t(column.getBytes()));
}

inline Timestamp time_of(const SQLite::Column& column) {
  return from_unix_ms(column.getInt64());
}

/// LIMIT takes a signed number.
inline std::int64_t row_limit(std::size_t limit) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return limit > static_cast<std::size_t>(most) ? most : static_cast<std::int64_t>(limit);
}

/// A prepared statement that is kept; each use gets it clean and leaves it reset, so that no read
/// transaction stays open behind it.
class Prepared {
 public:
  class Use {
   public:
    explicit Use(SQLite::Statement& statement) : statement_(statement) {}
    ~Use() {
      statement_.tryReset();
      try {
        statement_.clearBindings();
      } catch (const SQLite::Exception&) {  // sqlite3_clear_bindings never fails.
      }
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    SQLite::Statement* operator->() { return &statement_; }
    SQLite::Statement& operator*() { return statement_; }

   private:
    SQLite::Statement& statement_;
  };

  /// Prepares at the first use: a program that opens the file uses a few of the statements only.
  Prepared(SQLite::Database& database, std::string sql)
      : database_(database), sql_(std::move(sql)) {}

  /// Binds `values` to ?1, ?2 … in order.
  template <class... Values>
  Use with(const Values&... values) {
    if (!statement_) statement_.emplace(database_, sql_);
    int index = 0;
    (bind(++index, values), ...);
    return Use(*statement_);
  }

 private:
  template <class T>
  void bind(int index, const T& value) {
    statement_->bind(index, value);
  }
  template <class Tag>
  void bind(int index, StrongId<Tag> value) {
    statement_->bind(index, value.value);
  }
  void bind(int index, Timestamp value) { statement_->bind(index, to_unix_ms(value)); }
  void bind(int index, Blob value) {
    // A null pointer would be NULL instead of an empty blob.
    statement_->bindNoCopy(index, value.bytes.empty() ? "" : value.bytes.data(),
                           static_cast<int>(value.bytes.size()));
  }
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    if (value) {
      bind(index, *value);
    } else {
      statement_->bind(index);
    }
  }

  SQLite::Database& database_;
  std::string sql_;
  std::optional<SQLite::Statement> statement_;
};

}  // namespace wl::storage
