// A transaction that ends with its scope, and the way from Result to DatabaseError.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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

/// The value, or the error as DatabaseError with `what` in front: stored bytes that do not decode
/// end the whole call, as a failing statement does.
template <class T>
T or_throw(Result<T> result, std::string_view what) {
  if (!result) throw DatabaseError({result.error().code, std::string(what) + result.error().what});
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace wl::storage
