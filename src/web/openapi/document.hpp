// The description of the API, OpenAPI 3.1: operations in words and schemas, with the rights that
// the route table gives. Pure; made once at the start.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/http/router.hpp"
#include "web/openapi/operation.hpp"

namespace wl::web::openapi {

/// An operation and who may call it.
struct DescribedCall {
  Operation operation;
  Access access = Access::admin;
  Scope scope = Scope::none;
};

/// The operations whose routes are there, in the order of all_operations(), and /ws/live.
std::vector<DescribedCall> described_calls(const std::vector<Route>& routes);

bool is_write(const Operation& operation);
bool is_required(const Parameter& parameter);
/// Those of the operation; `format` behind them when it answers CSV too.
std::vector<Parameter> parameters_of(const Operation& operation);
/// Its example as a JSON value: a number where the schema asks for one.
std::string example_json(const Parameter& parameter);
/// Statuses of the problems that a call may answer, ascending: its own, and those that follow from
/// who may call it and whether it takes a body.
std::vector<int> problem_statuses(const DescribedCall& call);
/// `read`, `alarms` …: as in a token.
std::string_view scope_word(Scope scope);

/// JSON without superfluous space; the same bytes for the same input.
std::string openapi_document(std::string_view version, const std::vector<DescribedCall>& calls);

}  // namespace wl::web::openapi
