// Every operation of the API, resource by resource.
#pragma once

#include <vector>

#include "web/openapi/operation.hpp"

namespace wl::web::openapi {

std::vector<Operation> account_operations();  ///< /auth, users, sessions, tokens, audit

}  // namespace wl::web::openapi
