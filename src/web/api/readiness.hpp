// What /readyz says: whether everything that an answer needs is there.
#pragma once

#include <string>
#include <vector>

#include "web/http/problem.hpp"
#include "web/live/live_hub.hpp"
#include "web/system/system_cache.hpp"

namespace wl::web {

struct NotReady {
  std::string part;  ///< `database`, `live`, `ui`, `collector`: a word for a program.
  std::string reason;
};

/// Where the collector runs: with live values through Redis it may be another machine, whose status
/// file is not here.
enum class CollectorPlace { here, perhaps_elsewhere };

/// The collector's part. It names no cause that only who is signed in may read: hosts, paths.
std::optional<NotReady> collector_not_ready(const Result<SystemCache::Facts>& facts,
                                            CollectorPlace place);

/// 200 for an empty list, else 503 with the list in `not_ready`. `live` says by which way the live
/// values come, which may be another one than is meant.
Response readiness_response(const std::vector<NotReady>& missing, const LiveFigures& live,
                            Language language);

}  // namespace wl::web
