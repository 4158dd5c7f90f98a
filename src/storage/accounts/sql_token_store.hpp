// TokenStore on the SQL of any engine. Internal to src/storage.
#pragma once

#include "storage/accounts/account_sql.hpp"
#include "storage/token_store.hpp"

namespace wl::storage {

class SqlTokenStore : public TokenStore {
 public:
  explicit SqlTokenStore(AccountSql& sql) : sql_(sql) {}

  Result<std::int64_t> add(const ApiToken& token) override;
  Result<std::optional<OwnedToken>> find(const std::string& token_sha256) override;
  Result<std::optional<OwnedToken>> find(std::int64_t id) override;
  Result<std::vector<OwnedToken>> list(std::optional<std::int64_t> user,
                                       std::size_t limit) override;
  Result<std::vector<OwnedToken>> standing(std::span<const std::string> keys) override;
  Result<void> touch(const std::string& token_sha256, Timestamp at) override;
  Result<void> revoke(std::int64_t id, Timestamp at) override;
  Result<int> remove_old(Timestamp before) override;

 private:
  /// Appends what `condition` finds.
  void select(const std::string& condition, const SqlValues& values, std::vector<OwnedToken>& to);
  Result<std::optional<OwnedToken>> first(const std::string& condition, const SqlValues& values);

  AccountSql& sql_;
};

}  // namespace wl::storage
