// GET /api/audit: who did what.
#pragma once

#include <vector>

#include "model/plant.hpp"
#include "web/api/session_directory.hpp"
#include "web/http/router.hpp"

namespace wl::web {

/// Reads through the account desk. Lives on the loop's thread.
class AuditApi {
 public:
  AuditApi(const Plant& plant, AccountDesk& accounts) : plant_(plant), accounts_(accounts) {}

  std::vector<Route> routes();

 private:
  void list(Call call, Reply reply);

  const Plant& plant_;
  AccountDesk& accounts_;
};

}  // namespace wl::web
