#include "web/call_check.hpp"

#include <fmt/format.h>

#include "web/api/token_scopes.hpp"
#include "web/auth/digest.hpp"
#include "web/http/request_check.hpp"

namespace wl::web {
namespace {

bool is_json(std::string_view content_type) {
  constexpr std::string_view json = "application/json";
  return content_type.starts_with(json) &&
         (content_type.size() == json.size() || content_type[json.size()] == ';' ||
          content_type[json.size()] == ' ');
}

Problem csrf_missing() {
  return {403,
          "csrf_token_invalid",
          {"缺少 X-CSRF-Token 或已失效,请刷新页面(令牌见 GET /auth/check)",
           "X-CSRF-Token is missing or out of date; reload the page (GET /auth/check has it)"},
          {}};
}

Problem password_change_required() {
  return {403,
          "password_change_required",
          {"默认密码仍在使用,请先修改密码(POST /auth/password)",
           "the default password still stands; change it first (POST /auth/password)"},
          {}};
}

Problem not_json() {
  return {415,
          "json_needed",
          {"请求体须为 Content-Type: application/json",
           "the body must be Content-Type: application/json"},
          {}};
}

Problem session_needed() {
  return {
      403,
      "session_needed",
      {"此操作不能使用 API 令牌,请登录后操作", "no API token opens this; sign in with a password"},
      {}};
}

Problem admin_only() {
  return {403, "admin_only", {"需要管理员权限", "this needs the role admin"}, {}};
}

std::optional<Problem> write_refusal(const Route& route, const Call& call,
                                     const AccountRules& rules) {
  const bool signed_in = route.access != Access::anyone;
  if (is_cross_origin(call.request)) return foreign_origin();
  const bool has_body = !call.request.body.empty() || !signed_in;
  if (has_body && !is_json(call.request.header("content-type"))) return not_json();
  if (!signed_in || call.caller.by_token()) return std::nullopt;
  const std::string wanted = csrf_token(rules.secret_key, call.caller.token_sha256);
  if (!equal_in_constant_time(call.request.header("x-csrf-token"), wanted)) return csrf_missing();
  return std::nullopt;
}

}  // namespace

bool belongs_to_api(std::string_view path) {
  const auto under = [path](std::string_view root) {
    return path == root || (path.starts_with(root) && path[root.size()] == '/');
  };
  return under("/api") || under("/auth") || under("/ws");
}

bool is_write(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

std::optional<Problem> refusal(const Route& route, const Call& call, const AccountRules& rules) {
  const bool signed_in = route.access != Access::anyone;
  if (signed_in && call.caller.by_token()) {
    if (route.scope == Scope::none) return session_needed();
    if (!has_scope(call.caller.token_scopes, route.scope)) return scope_missing(route.scope);
  }
  if (route.access == Access::admin && call.caller.role != storage::Role::admin) {
    return admin_only();
  }
  if (signed_in && belongs_to_api(route.pattern) && !route.pattern.starts_with("/auth/")) {
    if (const auto problem = default_password_refusal(call.caller, rules)) return problem;
  }
  return is_write(call.request.method) ? write_refusal(route, call, rules) : std::nullopt;
}

std::optional<Problem> default_password_refusal(const SignedIn& caller, const AccountRules& rules) {
  const bool blocked = caller.default_password && rules.default_password_blocks;
  return blocked ? std::optional(password_change_required()) : std::nullopt;
}

Problem method_not_allowed(const std::string& allow) {
  return {405,
          "method_not_allowed",
          {"此地址只接受 " + allow, "this address takes " + allow + " only"},
          {}};
}

Problem foreign_origin() {
  return {403,
          "foreign_origin",
          {"请求来自其他网站,已拒绝", "the request comes from another site and is refused"},
          {}};
}

Problem address_refused(const std::string& address) {
  return {403,
          "address_refused",
          {"地址 " + address + " 不在允许列表中(.env 的 IP_ALLOWLIST)",
           "the address " + address + " is not in the allowlist (IP_ALLOWLIST in .env)"},
          {}};
}

Problem scope_missing(Scope scope) {
  return {403,
          "scope_missing",
          {fmt::format("API 令牌缺少权限 {},请新建包含它的令牌", word_of(scope)),
           fmt::format("the API token lacks the scope {}; make one that has it", word_of(scope))},
          {}};
}

Response unauthorised(const Problem& problem, Language language) {
  Response response = problem_response(problem, language);
  if (problem.error == "invalid_token")
    response.headers.emplace_back("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return response;
}

}  // namespace wl::web
