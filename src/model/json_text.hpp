// What the JSON of this room has in common: numbers, texts and times.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace wl {

/// Shortest text that reads back as the same double, `null` when it is not finite. Boost.JSON would
/// write 1E0.
std::string json_number(double value);
/// A JSON string with its quotes.
std::string json_quoted(std::string_view text);
/// Throws std::exception when it is no text in the form of parse_iso8601().
Timestamp json_time(const boost::json::value& value);

}  // namespace wl
