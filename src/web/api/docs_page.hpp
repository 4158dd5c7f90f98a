// The page at /api/docs: how to sign in, and where Swagger UI shows the calls.
#pragma once

#include <string>

#include "web/http/message.hpp"

namespace wl::web {

/// The script of the page, among the files of the built web UI.
inline constexpr const char* docs_script = "/docs-ui/docs.js";

/// HTML without inline script or style, as the server's policy wants it. `built`: the files of
/// docs-ui are there; otherwise the page says how to build them, and is still of use.
std::string docs_page(Language language, bool built);

}  // namespace wl::web
