// Is a text what the rest of the world will take for one?
#pragma once

#include <string_view>

namespace wl::plc::lang {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. ASCII is UTF-8.
bool is_utf8(std::string_view text);

}  // namespace wl::plc::lang
