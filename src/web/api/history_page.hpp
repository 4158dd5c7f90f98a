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

/// Whether page or page_size is there.
bool asks_for_a_page(const std::string& query);

/// As the member `gaps` of an answer.
void write_gaps(JsonWriter& json, const std::vector<Gap>& gaps);

/// A page as the body of an answer.
struct HistoryBody {
  std::string json;
  std::uint64_t total = 0;  ///< Rows of the window, on all pages.
  Timestamp last{};         ///< Of the newest row of this page, when it has one.
};

/// Reads and writes the body; runs on the thread that owns the store.
Result<HistoryBody> history_body(storage::Store& store, const Plant& plant, HistoryQuery query);

}  // namespace wl::web
