#include "web/api/log_api.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "web/api/parameters.hpp"
#include "web/http/json_writer.hpp"
#include "web/http/utf8_text.hpp"

namespace wl::web {
namespace {

constexpr std::int64_t most_lines = 2000;
constexpr std::uint64_t usual_lines = 200;
/// A message may hold lines of a whole stack; what is longer is cut.
constexpr std::size_t longest_text = 4000;

/// One of our own names; null for every other text.
const char* known_process(std::string_view asked) {
  if (asked == supervisor_name) return supervisor_name;
  const auto found = std::ranges::find(process_names, asked);
  return found == process_names.end() ? nullptr : *found;
}

std::string names_in_words() {
  std::string words = supervisor_name;
  for (const char* name : process_names) words += std::string(", ") + name;
  return words;
}

std::expected<LogQuery, Problem> parse_log_query(const std::string& text) {
  LogQuery query;
  const char* process = known_process(query_parameter(text, "process").value_or(""));
  if (process == nullptr) return std::unexpected(bad_parameter("process", names_in_words()));
  query.process = process;
  const auto lines = count_parameter(text, "lines", usual_lines, most_lines);
  if (!lines) return std::unexpected(lines.error());
  query.lines = *lines;
  constexpr std::array<Word<int>, 5> levels{
      {{"debug", 1}, {"info", 2}, {"warning", 3}, {"error", 4}, {"critical", 5}}};
  const auto level = word_parameter<int>(text, "level", 0, std::span(levels));
  if (!level) return std::unexpected(level.error());
  query.lowest_level = *level;
  return query;
}

std::string log_json(const std::string& process, const std::vector<journal::Entry>& entries) {
  JsonWriter json;
  json.object().key("success").boolean(true).key("process").text(process).key("lines").array();
  for (const journal::Entry& entry : entries) {
    const bool cut = entry.text.size() > longest_text;
    const std::string_view level = journal::level_of(entry);
    json.object().key("time");
    entry.time.empty() ? json.null() : json.text(entry.time);
    json.key("level");
    level.empty() ? json.null() : json.text(as_utf8(level.substr(0, 20)));
    json.key("text").text(as_utf8(std::string_view(entry.text).substr(0, longest_text)));
    json.key("cut").boolean(cut).end();
  }
  json.end().key("total").integer(static_cast<std::int64_t>(entries.size())).end();
  return json.take();
}

}  // namespace

std::vector<Route> LogApi::routes() {
  return {{"GET", "/api/logs", Access::admin, Scope::maintenance,
           [this](Call call, Reply reply) { tail(std::move(call), std::move(reply)); }}};
}

void LogApi::tail(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto query = parse_log_query(call.request.query);
  if (!query) return reply(problem_response(query.error(), language));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked = desk_.ask(
      [query = *query](SystemFiles& files) -> Result<std::string> {
        const auto entries = files.log(query);
        if (!entries) return std::unexpected(entries.error());
        return log_json(query.process, *entries);
      },
      [shared, language, process = query->process](Result<std::string> body) {
        if (body) return (*shared)(json_response(std::move(*body)));
        spdlog::error("log of {}: {}", process, body.error().what);
        (*shared)(problem_response(problems::overloaded(), language));
      });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

}  // namespace wl::web
