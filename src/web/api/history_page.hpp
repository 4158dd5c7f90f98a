// GET /api/devices/{id}/history with interval=raw or none: one page of held rows.
#pragma once

#include <string>
#include <vector>

#include "model/plant.hpp"
#include "web/api/held_rows.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/message.hpp"
#include "web/http/problem.hpp"

namespace wl::web {

struct HistoryQuery {
  DeviceId device;
  HistoryWindow window;
  std::uint64_t page = 1;  ///< From 1; rows ascend in time, so the last page is the newest.
  std::uint64_t page_size = 100;
};

inline constexpr std::uint64_t max_page_size = 1000;

/// start_time (default: an hour before the end), end_time (default, and at most: now), page,
/// page_size (1 to 1,000). Refuses what it does not understand, with the parameter's name.
std::expected<HistoryQuery, Problem> parse_history_query(const std::string& query,
                                                         Milliseconds tick, Timestamp now);

/// As the member `gaps` of an answer.
void write_gaps(JsonWriter& json, const std::vector<Gap>& gaps);

/// Reads and writes the body; runs on the thread that owns the store.
Result<std::string> history_body(storage::Store& store, const Plant& plant, HistoryQuery query);

}  // namespace wl::web
