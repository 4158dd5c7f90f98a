#include "web/api/audit_api.hpp"

#include "storage/audit_store.hpp"
#include "web/api/account_tools.hpp"
#include "web/api/csv_line.hpp"
#include "web/api/parameters.hpp"
#include "web/api/plant_time.hpp"

namespace wl::web {
namespace {

constexpr std::int64_t most_rows = 500;
constexpr std::int64_t most_lines = 10'000;
constexpr std::int64_t most_pages = 1'000'000;
constexpr std::uint64_t usual_rows = 100;

struct AuditRequest {
  storage::AuditFilter filter;
  std::uint64_t page = 1;
  std::uint64_t page_size = usual_rows;
  Format format = Format::json;
};

std::expected<std::optional<Timestamp>, Problem> optional_time(const std::string& query,
                                                               std::string_view name) {
  const auto text = query_parameter(query, name);
  if (!text || text->empty()) return std::nullopt;
  const auto time = time_parameter(query, name, {});
  if (!time) return std::unexpected(time.error());
  return *time;
}

std::expected<AuditRequest, Problem> parse_audit_request(const std::string& query) {
  AuditRequest request;
  const auto format = format_parameter(query);
  if (!format) return std::unexpected(format.error());
  const bool csv = *format == Format::csv;
  const auto page = count_parameter(query, "page", 1, most_pages);
  if (!page) return std::unexpected(page.error());
  const auto size = count_parameter(query, "page_size", csv ? most_lines : usual_rows,
                                    csv ? most_lines : most_rows);
  if (!size) return std::unexpected(size.error());
  const auto from = optional_time(query, "start_time");
  if (!from) return std::unexpected(from.error());
  const auto to = optional_time(query, "end_time");
  if (!to) return std::unexpected(to.error());
  if (*from && *to && **from >= **to)
    return std::unexpected(bad_parameter("start_time", "< end_time"));
  request.format = *format;
  request.page = *page;
  request.page_size = *size;
  request.filter.actor = query_parameter(query, "actor").value_or("");
  request.filter.action = query_parameter(query, "action").value_or("");
  request.filter.from = *from;
  request.filter.to = *to;
  return request;
}

std::string list_json(const storage::AuditPage& page, const AuditRequest& request) {
  const auto size = static_cast<std::int64_t>(request.page_size);
  JsonWriter json;
  json.object().key("success").boolean(true).key("entries").array();
  for (const storage::AuditRow& row : page.rows) {
    json.object().key("id").integer(row.id).key("at").text(to_iso8601(row.at));
    json.key("actor").text(row.actor).key("remote_address").text(row.remote_address);
    json.key("action").text(row.action).key("subject").text(row.subject);
    json.key("before").text(row.before).key("after").text(row.after);
    json.key("hash").text(row.hash).end();
  }
  json.end().key("pagination").object();
  json.key("page").integer(static_cast<std::int64_t>(request.page)).key("page_size").integer(size);
  json.key("total").integer(page.total);
  json.key("total_pages").integer((page.total + size - 1) / size).end().end();
  return json.take();
}

std::string list_csv(const storage::AuditPage& page, const storage::Calendar& calendar) {
  std::string lines = "id,at,actor,remote_address,action,subject,before,after,hash\r\n";
  for (const storage::AuditRow& row : page.rows) {
    CsvLine line;
    line.add(std::to_string(row.id)).add(plant_time(row.at, calendar)).text(row.actor);
    line.text(row.remote_address).text(row.action).text(row.subject).text(row.before);
    line.text(row.after).text(row.hash);
    lines += line.take();
  }
  return lines;
}

}  // namespace

std::vector<Route> AuditApi::routes() {
  return {{"GET", "/api/audit", Access::admin, Scope::maintenance,
           [this](Call call, Reply reply) { list(std::move(call), std::move(reply)); }}};
}

void AuditApi::list(Call call, Reply reply) {
  const Language language = call.request.language();
  const auto request = parse_audit_request(call.request.query);
  if (!request) return reply(problem_response(request.error(), language));
  const auto calendar = storage::Calendar::of(plant_.time_zone);
  if (!calendar) return reply(problem_response(problems::internal(), language));
  answer_with(
      accounts_, language, std::move(reply),
      [request = *request](storage::AccountStore& store) -> Answered<storage::AuditPage> {
        auto page = store.audit().page(request.filter, (request.page - 1) * request.page_size,
                                       request.page_size);
        if (!page) return std::unexpected(store_problem(page.error()));
        return std::move(*page);
      },
      [request = *request, calendar = *calendar](const storage::AuditPage& page) {
        if (request.format == Format::csv)
          return csv_response(list_csv(page, calendar), "audit.csv");
        return json_response(list_json(page, request));
      });
}

}  // namespace wl::web
