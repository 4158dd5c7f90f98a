#include "web/http/router.hpp"

#include <set>

#include "base/check.hpp"

namespace wl::web {
namespace {

std::string_view next_segment(std::string_view& rest) {
  rest.remove_prefix(1);  // The slash.
  const auto end = rest.find('/');
  const std::string_view segment = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
  return segment;
}

bool matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string>& parameters) {
  parameters.clear();
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = next_segment(pattern);
    const std::string_view given = next_segment(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return false;
      parameters.emplace(wanted.substr(1, wanted.size() - 2), given);
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::set<std::string> seen;
  for (const Route& route : routes_) {
    WL_CHECK(seen.insert(route.method + ' ' + route.pattern).second);
    fixed_.push_back(route.pattern.substr(0, route.pattern.find('{')));
  }
}

std::variant<RouteMatch, MethodNotAllowed, NoRoute> Router::find(std::string_view method,
                                                                 std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  std::string allow;
  std::map<std::string, std::string> parameters;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (!path.starts_with(fixed_[i]) || !matches(route.pattern, path, parameters)) continue;
    if (route.method == wanted) return RouteMatch{&route, std::move(parameters)};
    if (!allow.empty()) allow += ", ";
    allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (allow.empty()) return NoRoute{};
  return MethodNotAllowed{std::move(allow)};
}

}  // namespace wl::web
