// Any query string and any time: refused with the parameter's name, or no number is out of range.
//
// The first byte chooses whether the rest is a time, a whole query, or the value of a parameter.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/utf8.hpp"
#include "web/api/alarm_query.hpp"
#include "web/api/bucket_page.hpp"
#include "web/api/energy_summary.hpp"
#include "web/api/history_page.hpp"
#include "web/api/oee_body.hpp"

namespace {

using namespace wl;
using namespace wl::web;

constexpr Timestamp now{std::chrono::seconds{1'767'268'800}};

const Plant& plant() {
  static const Plant the_plant = parse_plant(R"({
    "name": {"zh-CN": "线", "en": "Line"}, "time_zone": "Asia/Shanghai",
    "devices": [{"id": "conveyor", "name": {"zh-CN": "带", "en": "Belt"},
      "description": {"zh-CN": "送", "en": "Feeds"}, "type": "conveyor", "rated_power_kw": 2,
      "points": [{"name": "power_kw", "tag": "C.D.G.P", "kind": "measurement", "unit": "kW",
        "low": 0, "high": 100}]}]})",
                                             "plant.json")
                                     .value();
  return the_plant;
}

void try_time(std::string_view text) {
  const auto time = parse_iso8601(text);
  if (!time) return;
  const std::string printed = to_iso8601(*time);
  WL_CHECK(printed.size() == 24 && *time >= Timestamp{});
  WL_CHECK(parse_iso8601(printed) == *time);
}

void check_range(const TimeRange& range) {
  WL_CHECK(range.from <= range.to && range.to <= now);
}

template <class T>
bool taken(const std::expected<T, Problem>& parsed) {
  if (parsed) return true;
  WL_CHECK(parsed.error().status == 400);
  for (const Language language : {Language::en, Language::zh_cn})
    WL_CHECK(is_utf8(problem_response(parsed.error(), language).body));
  return false;
}

void try_history(const std::string& query) {
  const auto page = parse_history_query(query, Milliseconds{1000}, now);
  if (taken(page)) {
    check_range({page->window.from, page->window.to});
    WL_CHECK(page->page >= 1 && page->page <= 1'000'000'000);
    WL_CHECK(page->page_size >= 1 && page->page_size <= max_page_size);
  }
  const auto buckets = parse_bucket_query(query, plant(), DeviceId{0}, now);
  if (!taken(buckets)) return;
  check_range(buckets->range);
  WL_CHECK(!buckets->points.empty() && buckets->points.size() <= plant().points.size());
}

void try_alarms(const std::string& query) {
  const auto request = parse_alarm_request(query);
  if (!taken(request)) return;
  const std::uint64_t most = request->format == Format::csv ? 10'000 : 500;
  WL_CHECK(request->page_size >= 1 && request->page_size <= most);
  WL_CHECK(request->query.limit == request->page_size);
  WL_CHECK(request->query.offset / request->page_size == request->page - 1);
  const auto& filter = request->query.filter;
  WL_CHECK(!filter.from || !filter.to || *filter.from < *filter.to);
  WL_CHECK(!filter.device_id || is_utf8(*filter.device_id));
}

void try_statistics(const std::string& query) {
  const auto summary = parse_summary_query(query, plant(), now);
  if (taken(summary)) WL_CHECK(summary->range.from <= summary->range.to);
  if (taken(summary)) WL_CHECK(!summary->devices.empty() && summary->devices.size() <= 1);
  const auto oee = parse_oee_query(query, now);
  if (taken(oee)) check_range(oee->range);
  if (taken(oee)) WL_CHECK(oee->page >= 1 && oee->page_size >= 1 && oee->page_size <= 1000);
  const auto stops = parse_downtime_query(query, now);
  if (taken(stops)) check_range(stops->range);
  if (taken(stops)) WL_CHECK(stops->page >= 1 && stops->page_size >= 1 && stops->page_size <= 500);
}

constexpr std::array<std::string_view, 12> frames{
    "?",          "page=?&page_size=7", "page=2&page_size=?", "start_time=?",
    "end_time=?", "interval=?",         "aggregate=?",        "dimension=?&cause=?",
    "state=?",    "points=?",           "alarm_level=?",      "acknowledged=?&format=?"};

std::string framed(std::string_view frame, std::string_view value) {
  std::string query;
  for (const char c : frame) {
    if (c == '?') {
      query += value;
    } else {
      query += c;
    }
  }
  return query;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
  try_time(rest);
  const std::string query = framed(frames[data[0] % frames.size()], rest);
  // The server refuses other queries before anybody reads them.
  const auto target = parse_target("/?" + query);
  if (!target) return 0;
  try_history(target->query);
  try_alarms(target->query);
  try_statistics(target->query);
  return 0;
}
