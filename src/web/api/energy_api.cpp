#include "web/api/energy_api.hpp"

#include <spdlog/spdlog.h>

#include "web/api/energy_summary.hpp"

namespace wl::web {

std::vector<Route> EnergyApi::routes() {
  return {{"GET", "/api/energy/summary", Access::user, Scope::read,
           [this](Call call, Reply reply) { summary(std::move(call), std::move(reply)); }}};
}

void EnergyApi::summary(Call call, Reply reply) {
  const Language language = call.request.language();
  if (const auto problem = format_problem(call.request.query))
    return reply(problem_response(*problem, language));
  const auto query = parse_summary_query(call.request.query, plant_, clock_());
  if (!query) return reply(problem_response(query.error(), language));
  const auto shared = std::make_shared<Reply>(std::move(reply));
  const bool asked =
      store_.ask([&plant = plant_, query = *query](
                     storage::Store& store) { return summary_body(store, plant, query); },
                 [shared, language](Result<std::string> body) {
                   if (body) return (*shared)(json_response(std::move(*body)));
                   spdlog::error("energy summary: {}", body.error().what);
                   (*shared)(problem_response(problem_of(body.error()), language));
                 });
  if (!asked) (*shared)(problem_response(problems::overloaded(), language));
}

}  // namespace wl::web
