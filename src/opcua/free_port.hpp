// For tests: a TCP port of 127.0.0.1 that nobody listens on.
#pragma once

#include <cstdint>

namespace wl::opcua {

/// Bound with port 0 and released again. Another process may take it in between: rare.
std::uint16_t free_port();

}  // namespace wl::opcua
