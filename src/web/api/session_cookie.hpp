// The cookie that carries a browser's session.
#pragma once

#include <optional>
#include <string>

#include "web/http/message.hpp"

namespace wl::web {

inline constexpr std::string_view session_cookie = "wattline_session";
/// Under TLS. A browser takes a cookie of this name only from this host, over TLS, for the whole
/// site: neither a neighbour in the domain nor a plain connection can set it.
inline constexpr std::string_view secure_session_cookie = "__Host-wattline_session";

/// The token in the cookie of this kind of connection; a plain cookie over TLS does not count.
std::optional<std::string> session_token(const Request& request);

/// Values of Set-Cookie.
std::string session_cookie_header(const std::string& token, bool secure);
std::string expired_cookie_header(bool secure);

}  // namespace wl::web
