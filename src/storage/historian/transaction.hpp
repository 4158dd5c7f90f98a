// A transaction that ends with its scope.
#pragma once

#include "storage/tables.hpp"

namespace wl::storage {

/// Rolls back unless it was committed.
class Transaction {
 public:
  Transaction(Tables& tables, Access access) : tables_(tables) { tables_.begin(access); }
  ~Transaction() {
    if (!committed_) tables_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    tables_.commit();
    committed_ = true;
  }

 private:
  Tables& tables_;
  bool committed_ = false;
};

}  // namespace wl::storage
