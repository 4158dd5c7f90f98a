// /api/users: an administrator keeps the accounts.
#pragma once

#include <string>
#include <vector>

#include "web/api/account_tools.hpp"
#include "web/api/user_bodies.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// An answer about one user carries an ETag; a change with `If-Match` is refused with 412 when the
/// user was changed meanwhile. The last administrator stays one, and nobody removes himself. A
/// change of role or password ends the user's sessions and WebSockets; a new password or a removal
/// the API tokens, too. No answer has a password or its hash. Lives on the loop's thread.
class UserApi {
 public:
  UserApi(const AccountTools& tools, std::size_t password_min_length)
      : tools_(tools), password_min_length_(password_min_length) {}

  std::vector<Route> routes();

 private:
  struct Change;
  using ChangePtr = std::shared_ptr<Change>;

  void list(Call call, Reply reply);
  void one(Call call, Reply reply);
  void add(Call call, Reply reply);
  void change(Call call, Reply reply);
  void remove(Call call, Reply reply);
  void unlock(Call call, Reply reply);

  /// bcrypt first when there is a password, then `next`.
  void hash_then(ChangePtr change, void (UserApi::*next)(ChangePtr));
  void store_new(ChangePtr change);
  void store_change(ChangePtr change);
  void after_change(const Change& change, const storage::User& before, const storage::User& after);

  AccountTools tools_;
  std::size_t password_min_length_;
};

}  // namespace wl::web
