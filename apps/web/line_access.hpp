// The tags of the line and the way to them, as files and .env say.
#pragma once

#include "apps/settings/settings.hpp"
#include "model/command_spec.hpp"
#include "web/api/point_api.hpp"
#include "web/command/line_commander.hpp"

namespace wl {

/// The servers, certificates and time-out of the collector. Throws StartError.
web::LineAccess line_access(const Settings& settings);

/// What devices can be told, of config/plant.json. Throws StartError.
CommandTable command_table(const Settings& settings, const Plant& plant);

/// Of config/gateway.json; empty, with a warning, when it cannot be read: another gateway may stand
/// in the place of ours.
web::TagTable tag_table(const Settings& settings);

}  // namespace wl
