// AccountSql on a MariaDB or MySQL server.
#include "storage/accounts/account_sql.hpp"

#include "base/check.hpp"
#include "storage/mysql/audit_guard.hpp"
#include "storage/mysql/mysql.hpp"
#include "storage/mysql/pool.hpp"
#include "storage/mysql/schema.hpp"

namespace wl::storage::mysql {
namespace {

class MysqlRow : public SqlRow {
 public:
  explicit MysqlRow(const Row& row) : row_(row) {}
  std::int64_t integer(int column) const override { return row_.integer(std::size_t(column)); }
  std::string text(int column) const override { return row_.text(std::size_t(column)); }
  bool null(int column) const override { return row_.null(std::size_t(column)); }

 private:
  const Row& row_;
};

Parameter parameter_of(const SqlValue& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.content())) return *number;
  if (const auto* text = std::get_if<std::string>(&value.content())) return *text;
  return std::nullopt;
}

std::vector<Parameter> parameters_of(const SqlValues& values) {
  std::vector<Parameter> parameters;
  parameters.reserve(values.size());
  for (const SqlValue& value : values) parameters.push_back(parameter_of(value));
  return parameters;
}

/// Rolls back at the end of its life when nothing was committed.
class OpenTransaction {
 public:
  OpenTransaction(Connection& connection, Access access) : connection_(connection) {
    connection_.command(access == Access::read ? "START TRANSACTION READ ONLY"
                                               : "START TRANSACTION");
  }
  ~OpenTransaction() {
    if (done_ || connection_.broken()) return;
    try {
      connection_.command("ROLLBACK");
    } catch (...) {
      connection_.give_up();  // Closing it rolls back.
    }
  }
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;

  void commit() {
    done_ = true;
    connection_.command("COMMIT");
  }

 private:
  Connection& connection_;
  bool done_ = false;
};

class MysqlAccountSql : public AccountSql {
 public:
  explicit MysqlAccountSql(std::shared_ptr<ConnectionPool> pool) : pool_(std::move(pool)) {}

  void transact(Access access, const std::function<void()>& work) override {
    bool committing = false;
    try {
      once(access, work, committing);
    } catch (const ConnectionLost& lost) {
      pool_->forget_idle();
      // What became of a COMMIT that broke off nobody knows; a read may be repeated in any case.
      if (lost.was_silence() || (committing && access == Access::write)) throw;
      once(access, work, committing);  // An idle connection may have died long before.
    }
  }

  SqlDone run(const std::string& sql, const SqlValues& values) override {
    WL_CHECK(connection_ != nullptr);
    const Changed changed = connection_->run(sql, parameters_of(values));
    return {.rows = static_cast<std::int64_t>(changed.rows),
            .insert_id = static_cast<std::int64_t>(changed.insert_id)};
  }

  void each(const std::string& sql, const SqlValues& values,
            const std::function<void(const SqlRow&)>& take) override {
    WL_CHECK(connection_ != nullptr);
    connection_->each(sql, parameters_of(values), [&](const Row& row) { take(MysqlRow(row)); });
  }

  std::string for_update() const override { return " FOR UPDATE"; }
  std::string guard_query() const override { return audit_guard_query; }

 private:
  void once(Access access, const std::function<void()>& work, bool& committing) {
    const ConnectionPool::Lease lease = pool_->borrow();
    committing = false;
    OpenTransaction transaction(*lease, access);
    connection_ = &*lease;
    try {
      work();
    } catch (...) {
      connection_ = nullptr;
      throw;
    }
    connection_ = nullptr;
    committing = true;
    transaction.commit();
  }

  std::shared_ptr<ConnectionPool> pool_;
  Connection* connection_ = nullptr;  // Of the transaction that is under way.
};

}  // namespace

Result<std::unique_ptr<AccountSql>> open_accounts(const DatabaseOptions& options) {
  try {
    return std::make_unique<MysqlAccountSql>(pool_of(options));
  } catch (const DatabaseError& refusal) {
    return std::unexpected(refusal.error());
  }
}

}  // namespace wl::storage::mysql
