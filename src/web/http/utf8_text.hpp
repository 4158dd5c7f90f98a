// Text of files as JSON can hold it.
#pragma once

#include <string>
#include <string_view>

namespace wl::web {

/// Bytes that are no UTF-8 become U+FFFD: JSON holds nothing else.
std::string as_utf8(std::string_view text);

}  // namespace wl::web
