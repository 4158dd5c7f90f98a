#include "web/api/alarm_query.hpp"

#include <algorithm>
#include <array>

#include "alarm/rule.hpp"

namespace wl::web {
namespace {

constexpr std::int64_t most_rows = 500;
constexpr std::int64_t most_lines = 10'000;
constexpr std::int64_t most_pages = 1'000'000;

std::string known_states() {
  std::string known = "open";
  for (const std::string_view state : alarm_state::all) known += ", " + std::string(state);
  return known;
}

bool add_state(std::string_view word, std::vector<std::string>& states) {
  if (word == "open") {
    for (const std::string_view state : alarm_state::all)
      if (state != alarm_state::normal) states.emplace_back(state);
    return true;
  }
  if (std::ranges::find(alarm_state::all, word) == alarm_state::all.end()) return false;
  states.emplace_back(word);
  return true;
}

std::expected<std::vector<std::string>, Problem> states_of(const std::string& query) {
  std::vector<std::string> states;
  const std::string text = query_parameter(query, "state").value_or("");
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    if (!add_state(std::string_view(text).substr(start, end - start), states))
      return std::unexpected(bad_parameter("state", known_states()));
    start = end + 1;
  }
  return states;
}

std::expected<std::optional<Timestamp>, Problem> optional_time(const std::string& query,
                                                               std::string_view name) {
  const auto text = query_parameter(query, name);
  if (!text || text->empty()) return std::nullopt;
  const auto time = time_parameter(query, name, {});
  if (!time) return std::unexpected(time.error());
  return *time;
}

std::expected<storage::AlarmFilter, Problem> filter_of(const std::string& query) {
  using Acknowledged = std::optional<bool>;
  constexpr std::array<Word<Acknowledged>, 2> answers{{{"true", true}, {"false", false}}};
  storage::AlarmFilter filter;
  const std::string device = query_parameter(query, "device_id").value_or("");
  if (!device.empty()) filter.device_id = device;
  const std::string level = query_parameter(query, "alarm_level").value_or("");
  if (!level.empty() && !alarm::level_from_word(level))
    return std::unexpected(bad_parameter("alarm_level", "warning, critical, emergency"));
  if (!level.empty()) filter.alarm_level = level;
  const auto acknowledged = word_parameter<Acknowledged>(query, "acknowledged", {}, answers);
  if (!acknowledged) return std::unexpected(acknowledged.error());
  filter.acknowledged = *acknowledged;
  auto states = states_of(query);
  if (!states) return std::unexpected(states.error());
  filter.states = std::move(*states);
  const auto from = optional_time(query, "start_time");
  if (!from) return std::unexpected(from.error());
  const auto to = optional_time(query, "end_time");
  if (!to) return std::unexpected(to.error());
  if (*from && *to && **from >= **to)
    return std::unexpected(bad_parameter("start_time", "< end_time"));
  filter.from = *from;
  filter.to = *to;
  return filter;
}

}  // namespace

std::expected<AlarmRequest, Problem> parse_alarm_request(const std::string& query) {
  AlarmRequest request;
  const auto format = format_parameter(query);
  if (!format) return std::unexpected(format.error());
  request.format = *format;
  const bool csv = request.format == Format::csv;
  const auto page = count_parameter(query, "page", 1, most_pages);
  if (!page) return std::unexpected(page.error());
  const auto size = count_parameter(query, "page_size", csv ? most_lines : request.page_size,
                                    csv ? most_lines : most_rows);
  if (!size) return std::unexpected(size.error());
  request.page = *page;
  request.page_size = *size;
  auto filter = filter_of(query);
  if (!filter) return std::unexpected(filter.error());
  request.query.filter = std::move(*filter);
  request.query.limit = request.page_size;
  request.query.offset = (request.page - 1) * request.page_size;
  return request;
}

}  // namespace wl::web
