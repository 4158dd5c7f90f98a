#include "web/api/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/quantity.hpp"

namespace wl::web {

Problem bad_parameter(std::string_view name, std::string_view wanted) {
  return problems::bad_request(fmt::format("参数 {} 无效:应为 {}", name, wanted),
                               fmt::format("parameter {}: should be {}", name, wanted));
}

std::expected<Timestamp, Problem> time_parameter(const std::string& query, std::string_view name,
                                                 Timestamp otherwise) {
  const auto text = query_parameter(query, name);
  if (!text || text->empty()) return otherwise;
  const auto time = parse_iso8601(*text);
  if (!time) return std::unexpected(bad_parameter(name, "ISO 8601, 2026-11-22T15:46:37Z"));
  return *time;
}

std::expected<std::uint64_t, Problem> count_parameter(const std::string& query,
                                                      std::string_view name,
                                                      std::uint64_t otherwise, std::int64_t high) {
  const auto text = query_parameter(query, name);
  if (!text || text->empty()) return otherwise;
  const auto count = parse_integer(*text, 1, high);
  if (!count) return std::unexpected(bad_parameter(name, fmt::format("1 – {}", high)));
  return static_cast<std::uint64_t>(*count);
}

std::expected<TimeRange, Problem> range_parameters(const std::string& query, Timestamp now,
                                                   Milliseconds default_span) {
  const auto to = time_parameter(query, "end_time", now);
  if (!to) return std::unexpected(to.error());
  const Timestamp end = std::min(*to, now);
  // What an answer names as its range can be asked for again: no time before 1970 can.
  const auto from = time_parameter(query, "start_time", std::max(end - default_span, Timestamp{}));
  if (!from) return std::unexpected(from.error());
  if (*from >= *to) return std::unexpected(bad_parameter("start_time", "< end_time"));
  return TimeRange{std::min(*from, end), end};
}

std::expected<Format, Problem> format_parameter(const std::string& query) {
  constexpr std::array<Word<Format>, 2> words{{{"json", Format::json}, {"csv", Format::csv}}};
  return word_parameter<Format>(query, "format", Format::json, words);
}

std::optional<Problem> format_problem(const std::string& query) {
  const auto format = query_parameter(query, "format");
  if (!format || format->empty() || *format == "json") return std::nullopt;
  return bad_parameter("format", "json");
}

std::string_view word_of(storage::Interval interval) {
  constexpr std::array<std::string_view, 6> words{"1m", "15m", "hour", "day", "week", "month"};
  return words[static_cast<std::size_t>(interval)];
}

}  // namespace wl::web
