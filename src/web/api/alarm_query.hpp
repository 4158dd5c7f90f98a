// What a caller asks of GET /api/alarms.
#pragma once

#include <expected>
#include <string>

#include "storage/alarm_store.hpp"
#include "web/api/parameters.hpp"

namespace wl::web {

struct AlarmRequest {
  storage::AlarmQuery query;
  std::uint64_t page = 1;
  std::uint64_t page_size = 100;
  Format format = Format::json;
};

/// device_id, alarm_level, acknowledged (true, false), state (words of `alarms.state` with commas
/// between, or `open`: all but normal), start_time, end_time (raised in it; no default), page,
/// page_size (JSON: 1 to 500, CSV: 1 to 10,000), format. Unknown words are told with the known
/// ones.
std::expected<AlarmRequest, Problem> parse_alarm_request(const std::string& query);

}  // namespace wl::web
