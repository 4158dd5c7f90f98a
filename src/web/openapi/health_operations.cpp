#include "web/openapi/operations.hpp"

namespace wl::web::openapi {

std::vector<Operation> health_operations() {
  return {{.method = "GET",
           .pattern = "/healthz",
           .id = "health",
           .tag = "health",
           .summary = "The web process answers",
           .description = "For a load balancer or a supervisor. Says nothing of the plant.",
           .response_schema = R"({"type":"object","properties":{
             "success":{"$ref":"#/components/schemas/Success"},
             "status":{"type":"string","enum":["ok"]}},
             "required":["success","status"],"additionalProperties":false})"},
          {.method = "GET",
           .pattern = "/readyz",
           .id = "readiness",
           .tag = "health",
           .summary = "Everything that the web process needs is there",
           .description = "Database, live values of the collector, built web UI. Otherwise 503 "
                          "`not_ready` with the list of what is missing and why.",
           .response_schema = R"({"type":"object","properties":{
             "success":{"$ref":"#/components/schemas/Success"},
             "ready":{"type":"boolean","enum":[true]},
             "not_ready":{"type":"array","items":{"$ref":"#/components/schemas/NotReady"}},
             "live_source":{"type":"string","enum":["live.sock","redis"]},
             "note":{"type":"string"}},
             "required":["success","ready","not_ready"],"additionalProperties":false})"}};
}

}  // namespace wl::web::openapi
