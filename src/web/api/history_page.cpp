#include "web/api/history_page.hpp"

#include <algorithm>

#include "web/api/device_values.hpp"
#include "web/api/parameters.hpp"
#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

constexpr auto default_span = std::chrono::hours(1);
constexpr std::int64_t max_page = 1'000'000'000;
/// A page of 1,000 rows at the longest tick spans days; it is read in slices of the store's limit.
constexpr int max_slices = 50;

/// All changes of the points in [from, to], however many slices they take.
Result<std::vector<storage::RawSeries>> read_changes(storage::Store& store,
                                                     storage::RawQuery query) {
  std::vector<storage::RawSeries> all;
  for (int slice = 0; slice < max_slices; ++slice) {
    auto answer = store.read_raw(query);
    if (!answer) return std::unexpected(answer.error());
    if (all.empty()) {
      all = std::move(answer->series);
    } else {
      for (std::size_t i = 0; i < all.size(); ++i) {
        std::ranges::move(answer->series[i].samples, std::back_inserter(all[i].samples));
      }
    }
    if (!answer->cut || answer->complete_to >= query.to) return all;
    query.from = answer->complete_to;
  }
  return all;
}

void write_row(JsonWriter& json, const Plant& plant, const HistoryQuery& query,
               const HeldRow& row) {
  const auto points = plant.points_of(query.device);
  const auto value_of = [&](PointId id) -> std::optional<LiveValue> {
    const auto at = std::ranges::find(points, id) - points.begin();
    const auto& sample = row.values[static_cast<std::size_t>(at)];
    if (!sample) return std::nullopt;
    return LiveValue{sample->value, sample->quality, sample->source_time};
  };
  json.object().key("timestamp").text(to_iso8601(row.timestamp));
  json.key("device_id").text(plant.device(query.device).id);
  write_device_values(json, plant, query.device, value_of, Trust::good);
  json.end();
}

void write_pagination(JsonWriter& json, const HistoryQuery& query, std::uint64_t total) {
  const std::uint64_t pages = (total + query.page_size - 1) / query.page_size;
  json.key("pagination").object();
  json.key("page").integer(static_cast<std::int64_t>(query.page));
  json.key("page_size").integer(static_cast<std::int64_t>(query.page_size));
  json.key("total").integer(static_cast<std::int64_t>(total));
  json.key("total_pages").integer(static_cast<std::int64_t>(pages)).end();
}

}  // namespace

void write_gaps(JsonWriter& json, const std::vector<Gap>& gaps) {
  json.key("gaps").array();
  for (const Gap& gap : gaps) {
    json.object().key("from").text(to_iso8601(gap.from)).key("to").text(to_iso8601(gap.to));
    json.key("cause").text(gap.cause).end();
  }
  json.end();
}

bool asks_for_a_page(const std::string& query) {
  return query_parameter(query, "page") || query_parameter(query, "page_size");
}

std::expected<HistoryQuery, Problem> parse_history_query(const std::string& query,
                                                         Milliseconds tick, Timestamp now) {
  const auto range = range_parameters(query, now, default_span);
  if (!range) return std::unexpected(range.error());
  HistoryQuery asked;
  asked.window.from = range->from;
  asked.window.to = range->to;
  asked.window.tick = tick;
  const auto page = count_parameter(query, "page", 1, max_page);
  if (!page) return std::unexpected(page.error());
  const auto page_size =
      count_parameter(query, "page_size", 100, static_cast<std::int64_t>(max_page_size));
  if (!page_size) return std::unexpected(page_size.error());
  asked.page = *page;
  asked.page_size = *page_size;
  return asked;
}

Result<HistoryBody> history_body(storage::Store& store, const Plant& plant, HistoryQuery query) {
  const auto extent = store.extent();
  if (!extent) return std::unexpected(extent.error());
  if (*extent) query.window.recorded_from = (*extent)->first;
  storage::RawQuery raw;
  raw.from = query.window.from;
  raw.to = query.window.to;
  const auto links = store.read_raw(raw);  // No points: only the proof of life.
  if (!links) return std::unexpected(links.error());
  const TickPlan plan = plan_ticks(query.window, links->intervals);
  const auto ticks =
      ticks_of(plan, query.window.tick, (query.page - 1) * query.page_size, query.page_size);
  std::vector<HeldRow> rows;
  if (!ticks.empty()) {
    raw.points = plant.points_of(query.device);
    raw.from = ticks.front();
    raw.to = ticks.back() + Milliseconds{1};
    const auto series = read_changes(store, raw);
    if (!series) return std::unexpected(series.error());
    rows = held_rows(ticks, *series);
  }
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("device_id").text(plant.device(query.device).id).key("data").array();
  for (const HeldRow& row : rows) write_row(json, plant, query, row);
  json.end();
  write_gaps(json, plan.gaps);
  write_pagination(json, query, plan.total);
  json.end();
  return HistoryBody{json.take(), plan.total, ticks.empty() ? Timestamp{} : ticks.back()};
}

}  // namespace wl::web
