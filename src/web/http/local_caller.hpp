// Whether a request comes from this machine itself.
#pragma once

#include "web/http/message.hpp"

namespace wl::web {

/// True when a program on this machine sent it: the address is a loopback one, and no proxy passed
/// it on for somebody else.
bool is_local(const Request& request);

}  // namespace wl::web
