// History as line protocol, the text that InfluxDB and VictoriaMetrics take. Pure functions.
//
//   conveyor power_kw=0.95 1700000000000000000
//   conveyor power_kw=0.95,power_kw_quality=2150694912i 1700000000000000000
//   wattline link=0i,cause="connection lost" 1700000000000000000
//
// Measurement: the device; field: the point; time: ns. The quality stands there only when it is not
// plainly good. Tags are ignored when read; a field of true or false is 1 or 0.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "storage/transfer/record.hpp"

namespace wl::storage {

/// One line with its end; nothing for NaN and infinities, which the protocol cannot say.
std::optional<std::string> protocol_line(const Record& record);

/// Measurement or field name with what must be escaped escaped.
std::string protocol_name(std::string_view name);

/// One line without its end; may hold several points of a device. The error does not name the line.
Result<std::vector<Record>> read_protocol_line(std::string_view line);

}  // namespace wl::storage
