// `wattline-web --print-openapi`.
#pragma once

#include <string>

/// The description of the API, as GET /api/openapi.json serves it: of this program, whatever is
/// installed beside it. Reads no file and opens no database and no port.
std::string openapi_text(const std::string& version);
