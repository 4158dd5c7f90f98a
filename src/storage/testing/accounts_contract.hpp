// What every engine's accounts must do: the tests are in accounts/accounts_contract_test.cpp and
// accounts/audit_contract_test.cpp, an engine joins with INSTANTIATE_TEST_SUITE_P.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "storage/account_store.hpp"
#include "storage/audit_store.hpp"
#include "storage/token_store.hpp"

namespace wl::storage {

/// An empty, prepared database that goes away with this object.
class TestAccounts {
 public:
  virtual ~TestAccounts() = default;
  /// One more connection to it, as another process has.
  virtual std::unique_ptr<AccountStore> open() = 0;
  /// Whether the database takes a statement of somebody who goes around us.
  virtual bool takes(const std::string& sql) = 0;
};

using MakeTestAccounts = std::unique_ptr<TestAccounts> (*)();

class AccountsContract : public testing::TestWithParam<MakeTestAccounts> {
 protected:
  AccountsContract() : engine_(GetParam()()), accounts_(engine_->open()) {}

  static Timestamp at(std::int64_t s) { return from_unix_ms(1'700'000'000'000 + s * 1000); }
  std::int64_t add(const std::string& name, Role role) {
    User user;
    user.username = name;
    user.password_hash = "$2b$12$x";
    user.role = role;
    user.created_at = at(0);
    return accounts_->add_user(user).value();
  }

  std::unique_ptr<TestAccounts> engine_;
  std::unique_ptr<AccountStore> accounts_;
};

/// Hashes as plain text; what they prove is the caller's business.
class PlainSealer : public AuditSealer {
 public:
  std::string hash_of(const AuditRow& row) const override {
    return row.ref + '<' + row.previous_hash.substr(0, row.previous_hash.find('<'));
  }
  std::string seal_of(const AuditHead& head) const override {
    return std::to_string(head.entries) + ':' + head.hash;
  }
};

class AuditContract : public AccountsContract {
 protected:
  void append(const std::vector<AuditRow>& rows) {
    const auto done = accounts_->audit().append(rows, sealer_);
    ASSERT_TRUE(done) << done.error().what;
  }
  PlainSealer sealer_;
};

}  // namespace wl::storage
