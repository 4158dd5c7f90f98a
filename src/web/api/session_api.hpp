// /api/sessions: where somebody is signed in, and how to end it.
#pragma once

#include <string>
#include <vector>

#include "web/api/account_tools.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// Everybody sees and ends his own sessions; an administrator all of them. A session is named by a
/// number that is made of its key but cannot be turned back. Lives on the loop's thread.
class SessionApi {
 public:
  explicit SessionApi(const AccountTools& tools) : tools_(tools) {}

  std::vector<Route> routes();

 private:
  void list(Call call, Reply reply);
  void remove(Call call, Reply reply);

  AccountTools tools_;
};

/// Whose things a list shows: `?all=true` and `?user=name` are for administrators, otherwise one's
/// own. Nothing: of all users.
struct WhoseList {
  bool all = false;
  std::string username;  ///< Empty: of the caller.
};
std::expected<WhoseList, Problem> whose_list(const Call& call);

/// The id of the user whose things are wanted; nothing: all users.
Answered<std::optional<std::int64_t>> resolve(const WhoseList& whose, std::int64_t caller,
                                              storage::AccountStore& store);

}  // namespace wl::web
