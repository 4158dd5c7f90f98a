// /api/logs: the newest messages of one process.
#pragma once

#include <vector>

#include "web/http/router.hpp"
#include "web/system/system_files.hpp"

namespace wl::web {

/// The name of the process is looked up in a list of ours: nothing of a request reaches the file
/// system. Lives on the loop's thread.
class LogApi {
 public:
  explicit LogApi(SystemDesk& desk) : desk_(desk) {}

  std::vector<Route> routes();

 private:
  void tail(Call call, Reply reply);

  SystemDesk& desk_;
};

}  // namespace wl::web
