// What every answer gets before it leaves: headers that protect the reader, and gzip.
#pragma once

#include <string>

#include "web/http/message.hpp"

namespace wl::web {

/// How a request wants its answer.
struct Wishes {
  bool gzip = false;
  bool secure = false;
};

/// Whether finish() would compress it: long enough, whole, and asked for.
bool wants_gzip(const Response& response, Wishes wishes);
/// Takes the compressed body; an empty one leaves the answer as it is.
void put_gzipped(Response& response, std::string small);
/// What every answer carries, and gzip. Only a static file says that it may be kept.
Response finish(Response response, Wishes wishes);

}  // namespace wl::web
