// AuditStore on the SQL of any engine. Internal to src/storage.
#pragma once

#include "storage/accounts/account_sql.hpp"
#include "storage/audit_store.hpp"

namespace wl::storage {

class SqlAuditStore : public AuditStore {
 public:
  explicit SqlAuditStore(AccountSql& sql) : sql_(sql) {}

  Result<void> append(std::span<const AuditRow> rows, const AuditSealer& sealer) override;
  Result<AuditPage> page(const AuditFilter& filter, std::size_t offset, std::size_t limit) override;
  Result<AuditStretch> stretch(std::int64_t after_id, std::size_t limit) override;
  Result<bool> is_guarded() override;

 private:
  std::optional<AuditHead> head(const std::string& lock);
  bool is_stored(const std::string& ref);
  void insert(const AuditRow& row);
  void select(const std::string& rest, const SqlValues& values, std::vector<AuditRow>& to);

  AccountSql& sql_;
};

}  // namespace wl::storage
