// May this caller do this? What stands between the route that was found and its handler.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "web/api/account_api.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// Under /api, /auth or /ws: answered with problems, never with a page.
bool belongs_to_api(std::string_view path);
/// Anything but GET and HEAD.
bool is_write(std::string_view method);

/// In this order: scope of a token, role, default password, origin, content type, CSRF token.
/// Nothing: the handler may have it.
std::optional<Problem> refusal(const Route& route, const Call& call, const AccountRules& rules);
/// While the shipped password stands where others can reach the address.
std::optional<Problem> default_password_refusal(const SignedIn& caller, const AccountRules& rules);

Problem method_not_allowed(const std::string& allow);
Problem foreign_origin();
Problem address_refused(const std::string& address);
Problem scope_missing(Scope scope);
/// Tells a script how it has to identify itself.
Response unauthorised(const Problem& problem, Language language);

}  // namespace wl::web
