// /api/tokens: what scripts use instead of a password.
#pragma once

#include <string>
#include <vector>

#include "web/api/account_tools.hpp"
#include "web/http/router.hpp"

namespace wl::web {

inline constexpr std::size_t max_tokens_a_user = 20;
inline constexpr int max_token_days = 365;
inline constexpr int default_token_days = 90;

/// Everybody makes, sees and revokes his own tokens; an administrator sees and revokes all. The
/// token itself is in one answer only, that of its making. Lives on the loop's thread.
class TokenApi {
 public:
  explicit TokenApi(const AccountTools& tools) : tools_(tools) {}

  std::vector<Route> routes();

 private:
  void list(Call call, Reply reply);
  void add(Call call, Reply reply);
  void remove(Call call, Reply reply);

  AccountTools tools_;
};

}  // namespace wl::web
