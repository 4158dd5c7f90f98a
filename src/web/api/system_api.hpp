// /api/system: processes, machine, database, spool, outbox and controller in one answer.
#pragma once

#include <string>
#include <vector>

#include "web/http/router.hpp"
#include "web/system/system_cache.hpp"

namespace wl::web {

/// The body of the answer. What is not known is null; a figure of a process that does not run now
/// is not known.
std::string system_json(const SystemFacts& facts);

/// Lives on the loop's thread.
class SystemApi {
 public:
  explicit SystemApi(SystemCache& cache) : cache_(cache) {}

  std::vector<Route> routes();

 private:
  SystemCache& cache_;
};

}  // namespace wl::web
