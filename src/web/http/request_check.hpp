// What a request must be before anybody looks at what it asks for.
#pragma once

#include <optional>

#include "web/http/allowed_hosts.hpp"
#include "web/http/message.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

/// A problem when a header that may stand once only stands twice (who reads the first and who reads
/// the last would see two different requests), when Host is missing, and when it is a name by which
/// this server may not be called.
///
/// A page of a foreign name that points here (DNS rebinding) has the same origin as we: its browser
/// would try passwords for it from inside the plant's network. Over TLS the certificate stops it,
/// so any name is taken there.
std::optional<Problem> host_problem(const Request& request, const AllowedHosts& hosts);

/// Of a WebSocket handshake: version and key, beside what made it one (RFC 6455, 4.2.1).
std::optional<Problem> handshake_problem(const Request& request);

}  // namespace wl::web
