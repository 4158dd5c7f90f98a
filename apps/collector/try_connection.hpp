// `wattline-collector --test-connection`: is the gateway there, and does it know our tags?
#pragma once

#include "apps/settings/settings.hpp"
#include "model/plant.hpp"

namespace wl {

/// Prints each step with its result to stdout. Returns the exit code: 0 when the gateway answered
/// and knows every tag, 1 otherwise.
int try_connection(const Settings& settings, const Plant& plant);

}  // namespace wl
