// Who counts as one when attempts are counted.
#pragma once

#include <string>

namespace wl::web {

/// An IPv4 address as it is; of IPv6 its /64 network, because whoever has one address of it has all
/// 2^64. `::ffff:192.0.2.1` is 192.0.2.1. What is no address is returned as it is.
std::string address_group(const std::string& address);

}  // namespace wl::web
