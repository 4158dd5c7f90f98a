// The table of what can be called, and by whom.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "web/auth/session_table.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// Who may call a route. There is no default: every route states it.
enum class Access {
  anyone,  ///< Without a session.
  user,    ///< Any signed-in user.
  admin,
  /// As user; without a session for who calls from this machine itself, not through a proxy on it.
  local_or_user,
};

/// What a bearer token must be allowed for a route; a signed-in browser needs none. It never gives
/// more than the role of the token's owner.
enum class Scope {
  none,         ///< No token opens it: accounts, sessions, tokens, passwords.
  read,         ///< Values, history, energy, OEE, alarms, thresholds, the state of the system.
  alarms,       ///< Acknowledge and shelve.
  thresholds,   ///< Change thresholds.
  commands,     ///< Commands to the line.
  maintenance,  ///< Backups, logs, the audit log.
};

/// What a handler gets beside the request.
struct Call {
  Request request;
  std::map<std::string, std::string> parameters;  ///< From the pattern: {"id", "conveyor"}.
  /// Who calls, as of now; with Access::anyone only `token_sha256` may be empty.
  SignedIn caller;
};

/// Runs on the loop's thread and must not block; replies now or later, exactly once.
using Handler = std::function<void(Call, Reply)>;

struct Route {
  std::string method;   ///< GET (serves HEAD too), POST, PUT, DELETE.
  std::string pattern;  ///< `/api/devices/{id}/current`; {x} matches one segment, not empty.
  Access access;
  Scope scope;
  Handler handler;
};

struct RouteMatch {
  const Route* route;
  std::map<std::string, std::string> parameters;
};
struct MethodNotAllowed {
  std::string allow;  ///< For the Allow header.
};
struct NoRoute {};

/// Immutable after construction.
class Router {
 public:
  /// A pattern and method that stand twice are a bug.
  explicit Router(std::vector<Route> routes);

  std::variant<RouteMatch, MethodNotAllowed, NoRoute> find(std::string_view method,
                                                           std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::string> fixed_;  ///< Of each route, what every path of it begins with.
};

}  // namespace wl::web
