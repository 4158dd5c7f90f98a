// Notices what other processes did to accounts.
#pragma once

#include "web/api/account_tools.hpp"

namespace wl::web {

/// Every 5 s one job on the account desk: which of the sessions and tokens that this process knows
/// still stand, and whose lock was taken off. What another web process or `wattline passwd` ended
/// is ended here within 10 s, with its WebSockets. While the database does not answer, everything
/// stays valid. Lives on the loop's thread.
class AccountWatch {
 public:
  static constexpr Milliseconds interval{5'000};

  explicit AccountWatch(const AccountTools& tools) : tools_(tools), unlocks_seen_(tools.clock()) {}

  /// Every second or so.
  void tick(Timestamp now);

 private:
  struct Seen;
  void take(const std::vector<std::string>& sessions, const std::vector<std::string>& tokens,
            const Seen& seen);

  AccountTools tools_;
  Timestamp unlocks_seen_;
  Timestamp next_{};
  bool asking_ = false;
};

}  // namespace wl::web
