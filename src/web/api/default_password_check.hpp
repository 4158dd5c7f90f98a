// Whether admin / admin123 still stands.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "web/workers.hpp"

namespace wl::web {

/// bcrypt has a thread of its own; this is what that thread owns.
struct PasswordBench {
  int cost;
};

using PasswordDesk = Desk<PasswordBench>;

/// Asks bcrypt once for each hash. Lives on the loop's thread.
class DefaultPasswordCheck {
 public:
  using Told = std::move_only_function<void(Result<bool>)>;

  explicit DefaultPasswordCheck(PasswordDesk& passwords) : passwords_(passwords) {}

  /// At once for every user but the default one, and for a hash that was checked before.
  void check(const std::string& username, const std::string& hash, Told told);

 private:
  PasswordDesk& passwords_;
  std::string checked_hash_;
  bool is_default_ = false;
};

}  // namespace wl::web
