// Signing in and out, and one's own password: /auth/*.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "web/api/account_tools.hpp"
#include "web/api/login_audit.hpp"
#include "web/auth/bench_places.hpp"
#include "web/http/router.hpp"

namespace wl::web {

struct AccountRules {
  LoginLimits login;
  std::size_t password_min_length = 8;
  std::string secret_key;
  /// While admin / admin123 stands, only the password may be changed (CONTRACT "Accounts").
  bool default_password_blocks = false;
};

/// Of the password bench: a valid sign-in waits for three guesses of a stranger at most.
inline constexpr int places_of_an_address = 3;

/// The handlers of /auth. The order at a sign-in: limiter, database, bcrypt, database. Lives on the
/// loop's thread.
class AccountApi {
 public:
  AccountApi(AccountRules rules, const AccountTools& tools)
      : rules_(std::move(rules)), tools_(tools), failures_(tools_.audit) {}

  std::vector<Route> routes();
  /// Every second or so: writes what was counted of failed sign-ins.
  void tick(Timestamp now) { failures_.tick(now); }

 private:
  struct Attempt;
  using AttemptPtr = std::shared_ptr<Attempt>;

  void login(Call call, Reply reply);
  void look_up(AttemptPtr attempt);
  void verify(AttemptPtr attempt);
  void decide(AttemptPtr attempt, bool right);
  void let_in(AttemptPtr attempt);
  void turn_away(AttemptPtr attempt);
  void count_failure(const Attempt& attempt);
  void refuse_locked(AttemptPtr attempt, const storage::LoginLock& lock);
  storage::FailedLogin failure_of(const Attempt& attempt) const;
  void give_up(AttemptPtr attempt, const Problem& problem);

  void logout(Call call, Reply reply);
  void check(Call call, Reply reply);

  void change_password(Call call, Reply reply);
  void store_new_password(AttemptPtr attempt);
  void finish_password_change(AttemptPtr attempt);

  std::string user_json(const SignedIn& user) const;

  AccountRules rules_;
  AccountTools tools_;
  LoginAudit failures_;
  BenchPlaces places_{places_of_an_address};
};

}  // namespace wl::web
