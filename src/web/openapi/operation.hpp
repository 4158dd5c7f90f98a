// What a call of the API takes and gives, in words and schemas: the source of /api/openapi.json.
#pragma once

#include <string_view>
#include <vector>

namespace wl::web::openapi {

struct Parameter {
  enum class In { path, query, header };

  std::string_view name;
  In in = In::query;
  /// JSON Schema: `{"type":"string","format":"date-time"}`.
  std::string_view schema = {};
  std::string_view description = {};  ///< With unit, default and limits.
  std::string_view example = {};      ///< As it stands in the address, not encoded; empty: none.
  bool required = false;              ///< Of a query or header; those of a path always are.
};

/// One call. Every text is JSON Schema 2020-12, as OpenAPI 3.1 takes it, or JSON. Schemas of
/// answers name every member and say `"additionalProperties":false`, so that a test can prove them
/// against real answers. A schema may refer to `#/components/schemas/<name>` of schemas.hpp.
struct Operation {
  std::string_view method;   ///< As in the route.
  std::string_view pattern;  ///< As in the route.
  std::string_view id;       ///< operationId: `acknowledge_alarm`.
  std::string_view tag;      ///< The resource: `alarms`.
  std::string_view summary;  ///< One line.
  std::string_view description = {};
  std::vector<Parameter> parameters = {};
  std::string_view request_schema = {};   ///< Empty: it takes no body.
  std::string_view request_example = {};  ///< Executed by the tests.
  int success = 200;
  std::string_view response_schema = {};             ///< Of the body when it is JSON.
  bool csv = false;                                  ///< Answers `format=csv` too.
  std::vector<int> problems = {};                    ///< Beside those of problem_statuses().
  std::string_view media_type = "application/json";  ///< Of the answer; empty: it has no body.
  bool etag = false;                                 ///< The answer carries an ETag.
  bool body_required = true;                         ///< False: an empty body is taken for {}.
};

}  // namespace wl::web::openapi
