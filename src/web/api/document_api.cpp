#include "web/api/document_api.hpp"

#include "web/api/docs_page.hpp"
#include "web/openapi/document.hpp"

namespace wl::web {

std::vector<Route> DocumentApi::routes() {
  return {{"GET", "/api/openapi.json", Access::user, Scope::read,
           [this](const Call& call, Reply reply) { reply(respond(document_, call.request)); }},
          {"GET", "/api/docs", Access::anyone, Scope::none,
           [this](const Call& call, Reply reply) { page(call, std::move(reply)); }}};
}

void DocumentApi::describe(std::string_view version, const std::vector<Route>& routes) {
  document_ = make_asset("/api/openapi.json",
                         openapi::openapi_document(version, openapi::described_calls(routes)));
  document_.cache_control = "private, no-cache";
}

void DocumentApi::page(const Call& call, Reply reply) const {
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.headers.emplace_back("Vary", "Accept-Language");
  response.body = docs_page(call.request.language(), site_.find(docs_script) != nullptr);
  reply(std::move(response));
}

}  // namespace wl::web
