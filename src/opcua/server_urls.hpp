// The comma list of OPC UA servers in .env.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl::opcua {

/// `opc.tcp://a:4840, opc.tcp://b:4840`: redundant servers of the same tags, in the order in which
/// they are tried. Blanks are ignored. One at least, 16 at most; none twice.
Result<std::vector<std::string>> parse_server_urls(std::string_view text);

}  // namespace wl::opcua
