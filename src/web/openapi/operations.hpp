// Every operation of the API, resource by resource. A route without an operation, or an operation
// without a route, fails `api_specification_test.cpp`.
#pragma once

#include <vector>

#include "web/openapi/operation.hpp"

namespace wl::web::openapi {

std::vector<Operation> health_operations();     ///< /healthz, /readyz
std::vector<Operation> account_operations();    ///< /auth, users, sessions, tokens, audit
std::vector<Operation> device_operations();     ///< /api/devices: values and history
std::vector<Operation> energy_operations();     ///< /api/energy
std::vector<Operation> oee_operations();        ///< /api/oee
std::vector<Operation> alarm_operations();      ///< /api/alarms
std::vector<Operation> threshold_operations();  ///< /api/thresholds
std::vector<Operation> system_operations();     ///< Points, system, logs, backups, commands
std::vector<Operation> document_operations();   ///< The description itself and its page
/// /ws/live: no route of the table, as the server hands it to the live hub before that.
std::vector<Operation> live_operations();

/// All of them, in the order in which the documentation shows them.
std::vector<Operation> all_operations();

}  // namespace wl::web::openapi
