// AccountSql on a SQLite file.
#include "storage/accounts/account_sql.hpp"

#include "storage/sqlite/database.hpp"

namespace wl::storage {
namespace {

class SqliteRow : public SqlRow {
 public:
  explicit SqliteRow(SQLite::Statement& statement) : statement_(statement) {}
  std::int64_t integer(int column) const override {
    return statement_.getColumn(column).getInt64();
  }
  std::string text(int column) const override { return statement_.getColumn(column).getString(); }
  bool null(int column) const override { return statement_.getColumn(column).isNull(); }

 private:
  SQLite::Statement& statement_;
};

void bind(SQLite::Statement& statement, int index, const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.content())) {
    statement.bind(index, *number);
  } else if (const auto* text = std::get_if<std::string>(&value.content())) {
    statement.bind(index, *text);
  } else {
    statement.bind(index);
  }
}

/// Accounts are touched a few times a minute: statements are prepared anew each time.
class SqliteAccountSql : public AccountSql {
 public:
  SqliteAccountSql(std::unique_ptr<SQLite::Database> database, std::string path)
      : database_(std::move(database)), path_(std::move(path)) {}

  void transact(Access access, const std::function<void()>& work) override {
    const bool writes = access == Access::write;
    try {
      // IMMEDIATE takes the write lock at once, see WriteTransaction.
      SQLite::Transaction transaction(*database_, writes ? SQLite::TransactionBehavior::IMMEDIATE
                                                         : SQLite::TransactionBehavior::DEFERRED);
      work();
      transaction.commit();
    } catch (const SQLite::Exception& exception) {
      throw DatabaseError(explain(exception, path_, writes ? "write accounts to" : "read"));
    }
  }

  SqlDone run(const std::string& sql, const SqlValues& values) override {
    SQLite::Statement statement = prepared(sql, values);
    SqlDone done;
    done.rows = statement.exec();
    done.insert_id = database_->getLastInsertRowid();
    return done;
  }

  void each(const std::string& sql, const SqlValues& values,
            const std::function<void(const SqlRow&)>& take) override {
    SQLite::Statement statement = prepared(sql, values);
    const SqliteRow row(statement);
    while (statement.executeStep()) take(row);
  }

  std::string for_update() const override { return ""; }  // The write lock is taken already.

  std::string guard_query() const override {
    return "SELECT COUNT(*) = 3 FROM sqlite_master WHERE type = 'trigger' "
           "AND tbl_name = 'audit_log'";
  }

 private:
  SQLite::Statement prepared(const std::string& sql, const SqlValues& values) {
    SQLite::Statement statement(*database_, sql);
    int index = 0;
    for (const SqlValue& value : values) bind(statement, ++index, value);
    return statement;
  }

  std::unique_ptr<SQLite::Database> database_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<AccountSql>> open_sqlite_accounts(const DatabaseOptions& options) {
  auto database = open_existing(options, Checkpoints::by_the_collector);
  if (!database) return std::unexpected(database.error());
  return std::make_unique<SqliteAccountSql>(std::move(*database), options.sqlite_path);
}

}  // namespace wl::storage
