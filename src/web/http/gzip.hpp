// gzip for bodies.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "web/http/message.hpp"

namespace wl::web {

/// 1 is quick (answers), 9 is small (files, once at start). Empty when zlib fails.
std::string gzip(std::string_view text, int level);

/// The same bytes as `source` gives, compressed piece by piece at level 1.
std::shared_ptr<BodySource> gzipped(std::shared_ptr<BodySource> source);

/// Whether Accept-Encoding takes gzip (`gzip;q=0` does not).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace wl::web
