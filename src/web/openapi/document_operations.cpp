#include "web/openapi/operations.hpp"

namespace wl::web::openapi {

std::vector<Operation> document_operations() {
  return {{.method = "GET",
           .pattern = "/api/openapi.json",
           .id = "openapi_document",
           .tag = "description",
           .summary = "This description, OpenAPI 3.1",
           .description = "Its ETag changes with the version. `wattline-web --print-openapi` "
                          "prints the same.",
           .response_schema = R"({"type":"object","properties":{
             "openapi":{"type":"string","pattern":"^3\\.1\\.[0-9]+$"},
             "info":{"type":"object"},
             "externalDocs":{"type":"object"},
             "servers":{"type":"array","items":{"type":"object"}},
             "tags":{"type":"array","items":{"type":"object"}},
             "paths":{"type":"object"},
             "components":{"type":"object"}},
             "required":["openapi","info","externalDocs","servers","tags","paths","components"],
             "additionalProperties":false})",
           .etag = true},
          {.method = "GET",
           .pattern = "/api/docs",
           .id = "docs_page",
           .tag = "description",
           .summary = "This description as a page",
           .description = "Says how to sign in and how to use tokens; shows the calls to those who "
                          "are signed in. Loads nothing from other hosts.",
           .media_type = "text/html"}};
}

}  // namespace wl::web::openapi
