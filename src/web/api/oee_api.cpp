#include "web/api/oee_api.hpp"

#include <spdlog/spdlog.h>

#include "web/api/oee_body.hpp"

namespace wl::web {
namespace {

Problem not_configured() {
  return {404,
          "oee_not_configured",
          {"config/plant.json 中没有 oee:请写明状态、产量和剔除测点(见 docs/oee.md)",
           "config/plant.json has no 'oee': name its state, count and reject points "
           "(see docs/oee.md)"},
          {}};
}

}  // namespace

std::vector<Route> OeeApi::routes() {
  return {{"GET", "/api/oee", Access::user, Scope::read,
           [this](Call call, Reply reply) { overview(std::move(call), std::move(reply)); }},
          {"GET", "/api/oee/losses", Access::user, Scope::read,
           [this](Call call, Reply reply) { losses(std::move(call), std::move(reply)); }},
          {"GET", "/api/oee/downtime", Access::user, Scope::read,
           [this](Call call, Reply reply) { downtime(std::move(call), std::move(reply)); }}};
}

template <class Parse, class Body>
void OeeApi::answer(Call call, Reply reply, Parse parse, Body body) {
  const Language language = call.request.language();
  if (!plant_.oee) return reply(problem_response(not_configured(), language));
  if (const auto problem = format_problem(call.request.query))
    return reply(problem_response(*problem, language));
  const auto query = parse(call.request.query, clock_());
  if (!query) return reply(problem_response(query.error(), language));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked =
      store_.ask([body, query = *query](storage::Store& store) { return body(store, query); },
                 [shared, language](Result<std::string> text) {
                   if (text) return (*shared)(json_response(std::move(*text)));
                   spdlog::error("OEE: {}", text.error().what);
                   (*shared)(problem_response(problem_of(text.error()), language));
                 });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

void OeeApi::overview(Call call, Reply reply) {
  const Timestamp now = clock_();
  answer(std::move(call), std::move(reply), parse_oee_query,
         [now](storage::Store& store, const OeePageQuery& query) {
           return oee_body(store, query, now);
         });
}

void OeeApi::losses(Call call, Reply reply) {
  const bool startup = plant_.oee && plant_.oee->startup > Milliseconds{0};
  answer(std::move(call), std::move(reply), parse_losses_query,
         [startup](storage::Store& store, const TimeRange& range) {
           return losses_body(store, range, startup);
         });
}

void OeeApi::downtime(Call call, Reply reply) {
  answer(std::move(call), std::move(reply), parse_downtime_query, downtime_body);
}

}  // namespace wl::web
