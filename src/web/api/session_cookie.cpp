#include "web/api/session_cookie.hpp"

#include <fmt/format.h>

namespace wl::web {
namespace {

constexpr std::string_view attributes = "; Path=/; HttpOnly; SameSite=Strict";

std::string_view name_for(bool secure) {
  return secure ? secure_session_cookie : session_cookie;
}

std::string_view more_for(bool secure) {
  return secure ? "; Secure" : "";
}

}  // namespace

std::optional<std::string> session_token(const Request& request) {
  return request.cookie(name_for(request.secure));
}

std::string session_cookie_header(const std::string& token, bool secure) {
  return fmt::format("{}={}{}{}", name_for(secure), token, attributes, more_for(secure));
}

std::string expired_cookie_header(bool secure) {
  return fmt::format("{}={}; Max-Age=0{}", name_for(secure), attributes, more_for(secure));
}

}  // namespace wl::web
