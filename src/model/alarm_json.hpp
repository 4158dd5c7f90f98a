// An alarm as JSON: on run/live.sock, on the WebSocket and in the collector's state file.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "model/alarm_row.hpp"

namespace wl {

/// One JSON object on one line; the members are the columns of `alarms` by their names, all of them
/// and in their order. What is not there is null, and so is a number that is not finite.
std::string alarm_json(const AlarmRow& row);

/// Throws std::exception when a member is missing or of another type. Unknown ones are ignored.
AlarmRow alarm_from_json(const boost::json::object& object);

}  // namespace wl
