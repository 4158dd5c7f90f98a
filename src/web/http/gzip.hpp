// gzip for bodies.
#pragma once

#include <string>
#include <string_view>

namespace wl::web {

/// 1 is quick (answers), 9 is small (files, once at start). Empty when zlib fails.
std::string gzip(std::string_view text, int level);

/// Whether Accept-Encoding takes gzip (`gzip;q=0` does not).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace wl::web
