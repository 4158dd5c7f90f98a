#include "web/api/oee_body.hpp"

#include <algorithm>
#include <array>

#include "web/http/json_writer.hpp"

namespace wl::web {
namespace {

using storage::OeePeriod;
using OptionalCause = std::optional<OeeElement>;

constexpr auto default_span = std::chrono::days(1);
constexpr std::int64_t max_page = 1'000'000'000;
constexpr std::int64_t max_periods_a_page = 1000;
constexpr std::int64_t max_stops_a_page = 500;

constexpr std::array<Word<OeePeriod>, 5> dimensions{{{"hour", OeePeriod::hour},
                                                     {"day", OeePeriod::day},
                                                     {"week", OeePeriod::week},
                                                     {"month", OeePeriod::month},
                                                     {"shift", OeePeriod::shift}}};
constexpr std::array<Word<OptionalCause>, 4> causes{{{"breakdown", OeeElement::breakdown},
                                                     {"setup", OeeElement::setup},
                                                     {"idle", OeeElement::idle},
                                                     {"minor_stop", OeeElement::minor_stop}}};

std::string_view word_of(OeePeriod dimension) {
  return std::ranges::find(dimensions, dimension, &Word<OeePeriod>::meaning)->word;
}

double hours(std::int64_t ms) {
  return static_cast<double>(ms) / 3'600'000;
}

void write_percent(JsonWriter& json, std::string_view key, const std::optional<double>& ratio) {
  json.key(key);
  if (ratio) {
    json.number(*ratio * 100);
  } else {
    json.null();
  }
}

void write_figures(JsonWriter& json, const OeeSums& sums) {
  const OeeRatios ratios = ratios_of(sums);
  write_percent(json, "oee_percentage", ratios.oee);
  write_percent(json, "availability", ratios.availability);
  write_percent(json, "performance", ratios.performance);
  write_percent(json, "quality", ratios.quality);
  json.key("performance_flag").boolean(ratios.performance_flag);
  json.key("coverage").number(ratios.coverage);
  json.key("total_products").integer(sums.produced);
  json.key("total_rejects").integer(sums.rejected);
  json.key("total_planned_hours").number(hours(sums.planned_ms));
  json.key("total_runtime_hours").number(hours(sums.running_ms));
  json.key("total_downtime_hours")
      .number(hours(sums.minor_stop_ms + sums.breakdown_ms + sums.setup_ms + sums.idle_ms));
}

void write_range(JsonWriter& json, const TimeRange& range) {
  json.key("time_range").object().key("start_time").text(to_iso8601(range.from));
  json.key("end_time").text(to_iso8601(range.to)).end();
}

void write_period(JsonWriter& json, const storage::OeeBucket& bucket) {
  json.key("period").text(to_iso8601(bucket.from)).key("end").text(to_iso8601(bucket.to));
  if (!bucket.shift.en.empty() || !bucket.shift.zh_cn.empty()) {
    json.key("shift").object().key("zh-CN").text(bucket.shift.zh_cn);
    json.key("en").text(bucket.shift.en).end();
  }
  write_figures(json, bucket.sums);
}

struct Page {
  std::uint64_t number = 1;
  std::uint64_t size = 100;
};

/// First and last index of the page in a list of `total`.
std::pair<std::size_t, std::size_t> slice(const Page& page, std::size_t total) {
  const std::uint64_t first = std::min<std::uint64_t>((page.number - 1) * page.size, total);
  return {first, std::min<std::uint64_t>(first + page.size, total)};
}

void write_pagination(JsonWriter& json, const Page& page, std::size_t total) {
  const std::uint64_t pages = (total + page.size - 1) / page.size;
  json.key("pagination").object().key("page").integer(static_cast<std::int64_t>(page.number));
  json.key("page_size").integer(static_cast<std::int64_t>(page.size));
  json.key("total").integer(static_cast<std::int64_t>(total));
  json.key("total_pages").integer(static_cast<std::int64_t>(pages)).end();
}

std::expected<Page, Problem> parse_page(const std::string& query, std::int64_t largest) {
  const auto number = count_parameter(query, "page", 1, max_page);
  if (!number) return std::unexpected(number.error());
  const auto size = count_parameter(query, "page_size", 100, largest);
  if (!size) return std::unexpected(size.error());
  return Page{*number, *size};
}

Result<void> write_current_shift(JsonWriter& json, storage::Store& store, Timestamp now) {
  const auto answer =
      store.oee({.from = now, .to = now + Milliseconds{1}, .period = OeePeriod::shift});
  if (!answer) return std::unexpected(answer.error());
  json.key("current_shift");
  if (answer->buckets.empty()) {
    json.null();
    return {};
  }
  json.object();
  write_period(json, answer->buckets.front());
  json.end();
  return {};
}

/// One step of the waterfall.
struct Loss {
  std::string_view name;
  std::string_view factor;  ///< Which of the three it lowers.
  std::optional<double> ms;
};

std::vector<Loss> losses_of(const OeeSums& sums, bool startup) {
  const auto ms = [](std::int64_t value) { return static_cast<double>(value); };
  const double ideal_ms = ms(sums.ideal_produced_us) / 1000;
  const double startup_ms = ms(sums.ideal_startup_us) / 1000;
  const double rejects_ms = ideal_ms - ms(sums.ideal_good_us) / 1000;
  return {{"breakdown", "availability", ms(sums.breakdown_ms)},
          {"setup", "availability", ms(sums.setup_ms)},
          {"idle", "availability", ms(sums.idle_ms)},
          {"minor_stop", "performance", ms(sums.minor_stop_ms)},
          {"reduced_speed", "performance", ms(sums.running_ms) - ideal_ms},
          {"startup_rejects", "quality", startup ? std::optional(startup_ms) : std::nullopt},
          {"production_rejects", "quality", rejects_ms - startup_ms}};
}

void write_loss(JsonWriter& json, const Loss& loss, double planned_ms) {
  json.object().key("loss").text(loss.name).key("factor").text(loss.factor);
  const bool known = loss.ms.has_value();
  json.key("hours").raw(known ? number_text(*loss.ms / 3'600'000) : "null");
  const bool has_share = known && planned_ms > 0;
  json.key("percentage").raw(has_share ? number_text(*loss.ms / planned_ms * 100) : "null");
  json.end();
}

void write_stop(JsonWriter& json, const OeeStop& stop) {
  json.object().key("start_time").text(to_iso8601(stop.start)).key("end_time");
  if (stop.end) {
    json.text(to_iso8601(*stop.end));
  } else {
    json.null();
  }
  json.key("ongoing").boolean(!stop.end.has_value());
  json.key("cause").text(word_of(stop.element)).key("state").text(stop.state);
  json.key("duration_s").number(static_cast<double>(stop.length_ms) / 1000).end();
}

void write_statistics(JsonWriter& json, const std::vector<OeeStop>& stops) {
  json.key("statistics").object();
  for (const auto& [word, cause] : causes) {
    std::int64_t count = 0;
    std::int64_t ms = 0;
    for (const OeeStop& stop : stops) {
      if (stop.element != cause) continue;
      ++count;
      ms += stop.length_ms;
    }
    json.key(word).object().key("count").integer(count);
    json.key("duration_s").number(static_cast<double>(ms) / 1000).end();
  }
  json.end();
}

}  // namespace

std::expected<OeePageQuery, Problem> parse_oee_query(const std::string& query, Timestamp now) {
  OeePageQuery asked;
  const auto range = range_parameters(query, now, default_span);
  if (!range) return std::unexpected(range.error());
  asked.range = *range;
  const auto dimension = word_parameter<OeePeriod>(query, "dimension", OeePeriod::hour, dimensions);
  if (!dimension) return std::unexpected(dimension.error());
  asked.dimension = *dimension;
  const auto page = parse_page(query, max_periods_a_page);
  if (!page) return std::unexpected(page.error());
  asked.page = page->number;
  asked.page_size = page->size;
  return asked;
}

Result<std::string> oee_body(storage::Store& store, const OeePageQuery& query, Timestamp now) {
  const auto answer =
      store.oee({.from = query.range.from, .to = query.range.to, .period = query.dimension});
  if (!answer) return std::unexpected(answer.error());
  const Page page{query.page, query.page_size};
  JsonWriter json;
  json.object().key("success").boolean(true).key("oee").object();
  json.key("dimension").text(word_of(query.dimension));
  write_range(json, query.range);
  json.key("overall").object();
  write_figures(json, answer->total);
  json.end();
  if (const auto written = write_current_shift(json, store, now); !written)
    return std::unexpected(written.error());
  json.key("data").array();
  const auto [first, end] = slice(page, answer->buckets.size());
  for (std::size_t i = first; i < end; ++i) {
    json.object();
    write_period(json, answer->buckets[i]);
    json.end();
  }
  json.end();
  write_pagination(json, page, answer->buckets.size());
  json.end().end();
  return json.take();
}

std::expected<TimeRange, Problem> parse_losses_query(const std::string& query, Timestamp now) {
  return range_parameters(query, now, default_span);
}

Result<std::string> losses_body(storage::Store& store, const TimeRange& range, bool startup) {
  const auto answer = store.oee({.from = range.from, .to = range.to, .period = OeePeriod::month});
  if (!answer) return std::unexpected(answer.error());
  const OeeSums& sums = answer->total;
  const std::int64_t seen_ms = seen_planned_ms(sums);
  JsonWriter json;
  json.object().key("success").boolean(true);
  write_range(json, range);
  json.key("planned_hours").number(hours(sums.planned_ms));
  json.key("unknown_hours").number(hours(sums.unknown_ms));
  json.key("break_hours").number(hours(sums.free_break_ms));
  json.key("effective_hours").number(static_cast<double>(sums.ideal_good_us) / 3.6e9);
  json.key("losses").array();
  for (const Loss& loss : losses_of(sums, startup))
    write_loss(json, loss, static_cast<double>(seen_ms));
  json.end();
  write_percent(json, "oee_percentage", ratios_of(sums).oee);
  json.key("performance_flag").boolean(ratios_of(sums).performance_flag);
  json.end();
  return json.take();
}

std::expected<DowntimeQuery, Problem> parse_downtime_query(const std::string& query,
                                                           Timestamp now) {
  DowntimeQuery asked;
  const auto range = range_parameters(query, now, default_span);
  if (!range) return std::unexpected(range.error());
  asked.range = *range;
  const auto cause = word_parameter<OptionalCause>(query, "cause", {}, causes);
  if (!cause) return std::unexpected(cause.error());
  asked.cause = *cause;
  const auto page = parse_page(query, max_stops_a_page);
  if (!page) return std::unexpected(page.error());
  asked.page = page->number;
  asked.page_size = page->size;
  return asked;
}

Result<std::string> downtime_body(storage::Store& store, const DowntimeQuery& query) {
  auto stops = store.oee_stops(query.range.from, query.range.to, most_stops + 1);
  if (!stops) return std::unexpected(stops.error());
  const bool truncated = stops->size() > most_stops;
  if (truncated) stops->pop_back();
  std::ranges::reverse(*stops);
  std::vector<OeeStop> shown;
  for (const OeeStop& stop : *stops)
    if (!query.cause || stop.element == *query.cause) shown.push_back(stop);
  const Page page{query.page, query.page_size};
  JsonWriter json;
  json.object().key("success").boolean(true);
  write_range(json, query.range);
  json.key("stops").array();
  const auto [first, end] = slice(page, shown.size());
  for (std::size_t i = first; i < end; ++i) write_stop(json, shown[i]);
  json.end();
  write_statistics(json, *stops);
  json.key("truncated").boolean(truncated);
  write_pagination(json, page, shown.size());
  json.end();
  return json.take();
}

}  // namespace wl::web
