#include "web/openapi/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "web/http/json_writer.hpp"
#include "web/openapi/operations.hpp"
#include "web/openapi/schemas.hpp"

namespace wl::web::openapi {
namespace {

constexpr Parameter format_parameter{
    .name = "format",
    .schema = R"({"type":"string","enum":["json","csv"],"default":"json"})",
    .description = "csv: as a file for a spreadsheet, with times on the plant's clocks.",
    .example = "json"};

constexpr const char* about =
    "Everything that Wattline knows, and all that may be changed. **Sign in** with `POST "
    "/auth/login`: the answer sets a cookie and holds `csrf_token`, which every write repeats in "
    "the header `X-CSRF-Token`. **Scripts** send `Authorization: Bearer wl_…` instead, with a "
    "token whose scope is named at each call. Times are ISO 8601, in answers UTC with "
    "milliseconds; a `+` of a zone is written `%2B` in an address. Units stand in the names. "
    "Messages are Chinese, or English by `Accept-Language: en`. Answers are compressed by "
    "`Accept-Encoding: gzip`. Every error is an RFC 9457 problem. More in docs/api.md.";

struct Tag {
  std::string_view name;
  std::string_view description;
};
constexpr std::array tags{
    Tag{"health", "For load balancers and supervisors; open to all."},
    Tag{"devices", "The machines: their newest values and their history."},
    Tag{"energy", "What was used, by whom and when."},
    Tag{"oee", "How well planned time was used, by ISO 22400."},
    Tag{"alarms", "What is and was wrong, who acknowledged it."},
    Tag{"thresholds", "When a point is in alarm. Admins change it."},
    Tag{"description", "This description."},
    Tag{"live", "Pushed as it happens."},
};

struct KnownProblem {
  int status;
  std::string_view name;
  std::string_view description;
};
constexpr std::array known_problems{
    KnownProblem{400, "BadRequest", "Not understood; the message names the parameter or member."},
    KnownProblem{401, "SignInNeeded", "No session and no token, or they have ended."},
    KnownProblem{403, "Refused",
                 "Signed in, but not for this: `admin_only`, `scope_missing`, "
                 "`csrf_token_invalid`, `foreign_origin`, `password_change_required` …"},
    KnownProblem{404, "NotFound", "There is no such thing."},
    KnownProblem{409, "Conflict", "Its present state does not allow it."},
    KnownProblem{412, "PreconditionFailed", "It was changed meanwhile: read it again."},
    KnownProblem{413, "TooLarge", "The body is above 1 MiB."},
    KnownProblem{415, "JsonNeeded", "The body must be application/json."},
    KnownProblem{429, "TooManyRequests", "Too often; wait as long as Retry-After says."},
    KnownProblem{503, "Unavailable",
                 "Database, collector or a queue is not available now; the message says which. Try "
                 "again after Retry-After."},
};

const KnownProblem* find_problem(int status) {
  const auto found = std::ranges::find(known_problems, status, &KnownProblem::status);
  return found == known_problems.end() ? nullptr : &*found;
}

/// JSON without the space around its tokens.
std::string compact(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!in_text && space) continue;
    out += c;
    if (in_text && c == '\\' && i + 1 < json.size()) {
      out += json[++i];
    } else if (c == '"') {
      in_text = !in_text;
    }
  }
  return out;
}

std::string lower(std::string_view method) {
  std::string out(method);
  for (char& c : out) c = static_cast<char>(c | 0x20);
  return out;
}

std::string_view role_of(Access access) {
  return access == Access::admin ? "admin" : "user";
}

/// The last sentences of a description: who may call it.
std::string rights_of(const DescribedCall& call) {
  if (call.access == Access::anyone) return "Open to all.";
  std::string text =
      call.access == Access::admin ? "Needs the role `admin`." : "For everybody who is signed in.";
  if (call.scope == Scope::none) return text + " Not by a token.";
  return text + fmt::format(" A token needs the scope `{}`.", scope_word(call.scope));
}

void write_security(JsonWriter& json, const DescribedCall& call) {
  json.key("security").array();
  if (call.access != Access::anyone) {
    json.object().key("session").array().end();
    if (is_write(call.operation)) json.key("csrf").array().end();
    json.end();
    if (call.scope != Scope::none) {
      json.object().key("token").array().text(scope_word(call.scope)).end().end();
    }
  }
  json.end();
  if (call.access != Access::anyone) json.key("x-required-role").text(role_of(call.access));
  if (call.scope != Scope::none) json.key("x-required-scope").text(scope_word(call.scope));
}

void write_parameters(JsonWriter& json, const Operation& operation) {
  constexpr std::array<std::string_view, 3> places{"path", "query", "header"};
  const auto parameters = parameters_of(operation);
  if (parameters.empty()) return;
  json.key("parameters").array();
  for (const Parameter& parameter : parameters) {
    json.object().key("name").text(parameter.name);
    json.key("in").text(places[static_cast<std::size_t>(parameter.in)]);
    json.key("required").boolean(is_required(parameter));
    json.key("description").text(parameter.description);
    json.key("schema").raw(compact(parameter.schema));
    if (!parameter.example.empty()) json.key("example").raw(example_json(parameter));
    json.end();
  }
  json.end();
}

void write_body(JsonWriter& json, const Operation& operation) {
  if (operation.request_schema.empty()) return;
  json.key("requestBody").object().key("required").boolean(operation.body_required);
  json.key("content").object().key("application/json").object();
  json.key("schema").raw(compact(operation.request_schema));
  if (!operation.request_example.empty())
    json.key("example").raw(compact(operation.request_example));
  json.end().end().end();
}

std::string_view word_of_success(int status) {
  if (status == 101) return "The WebSocket is open.";
  return status == 201 ? "Created." : "Done.";
}

void write_success(JsonWriter& json, const Operation& operation) {
  json.key(std::to_string(operation.success)).object();
  json.key("description").text(word_of_success(operation.success));
  if (operation.etag) {
    json.key("headers").object().key("ETag").object();
    json.key("$ref").text("#/components/headers/ETag").end().end();
  }
  if (!operation.media_type.empty()) {
    json.key("content").object().key(operation.media_type).object().key("schema");
    const bool described = !operation.response_schema.empty();
    json.raw(described ? compact(operation.response_schema) : R"({"type":"string"})").end();
    if (operation.csv) {
      json.key("text/csv").object().key("schema").raw(R"({"type":"string"})").end();
    }
    json.end();
  }
  json.end();
}

void write_responses(JsonWriter& json, const DescribedCall& call) {
  json.key("responses").object();
  write_success(json, call.operation);
  for (const int status : problem_statuses(call)) {
    const KnownProblem* known = find_problem(status);
    json.key(std::to_string(status)).object().key("$ref");
    json.text(fmt::format("#/components/responses/{}", known ? known->name : "Problem")).end();
  }
  json.key("default").object().key("$ref").text("#/components/responses/Problem").end();
  json.end();
}

void write_call(JsonWriter& json, const DescribedCall& call) {
  const Operation& operation = call.operation;
  json.key(lower(operation.method)).object().key("operationId").text(operation.id);
  json.key("tags").array().text(operation.tag).end();
  json.key("summary").text(operation.summary);
  std::string description(operation.description);
  description += (description.empty() ? "" : "\n\n") + rights_of(call);
  json.key("description").text(description);
  write_security(json, call);
  write_parameters(json, operation);
  write_body(json, operation);
  write_responses(json, call);
  json.end();
}

void write_paths(JsonWriter& json, const std::vector<DescribedCall>& calls) {
  std::set<std::string_view> written;
  json.key("paths").object();
  for (const DescribedCall& first : calls) {
    const std::string_view pattern = first.operation.pattern;
    if (!written.insert(pattern).second) continue;
    json.key(pattern).object();
    for (const DescribedCall& call : calls)
      if (call.operation.pattern == pattern) write_call(json, call);
    json.end();
  }
  json.end();
}

void write_info(JsonWriter& json, std::string_view version) {
  json.key("info").object().key("title").text("Wattline").key("version").text(version);
  json.key("summary").text("Energy management of a production line");
  json.key("description").text(about);
  json.key("contact").object().key("name").text("docs/api.md of this installation");
  json.key("url").text("/api/docs").end().end();
  json.key("externalDocs").object().key("description").text("This description as a page");
  json.key("url").text("/api/docs").end();
  json.key("servers").array().object().key("url").text("/");
  json.key("description").text("The server that this description came from").end().end();
}

void write_tags(JsonWriter& json, const std::vector<DescribedCall>& calls) {
  std::set<std::string_view> written;
  json.key("tags").array();
  for (const DescribedCall& call : calls) {
    if (!written.insert(call.operation.tag).second) continue;
    json.object().key("name").text(call.operation.tag);
    const auto known = std::ranges::find(tags, call.operation.tag, &Tag::name);
    if (known != tags.end()) json.key("description").text(known->description);
    json.end();
  }
  json.end();
}

void write_problem_response(JsonWriter& json, std::string_view name, std::string_view what) {
  json.key(name).object().key("description").text(what);
  json.key("content").object().key("application/problem+json").object().key("schema").object();
  json.key("$ref").text("#/components/schemas/Problem").end().end().end().end();
}

void write_components(JsonWriter& json) {
  json.key("components").object().key("schemas").object();
  for (const Component& component : components())
    json.key(component.name).raw(compact(component.schema));
  json.end().key("responses").object();
  for (const KnownProblem& known : known_problems)
    write_problem_response(json, known.name, known.description);
  write_problem_response(json, "Problem",
                         "Any other refusal: 405 with `Allow`, 431 for a header above 8 KiB.");
  json.end().key("headers").object().key("ETag").object();
  json.key("description").text("Its version; for If-Match and If-None-Match.");
  json.key("schema").object().key("type").text("string").end().end().end();
  json.key("securitySchemes").raw(compact(R"({
    "session":{"type":"apiKey","in":"cookie","name":"wattline_session",
      "description":"Set by POST /auth/login; HttpOnly, so a page never sees it."},
    "csrf":{"type":"apiKey","in":"header","name":"X-CSRF-Token",
      "description":"csrf_token of POST /auth/login or GET /auth/check; with every write."},
    "token":{"type":"http","scheme":"bearer","bearerFormat":"wl_…",
      "description":"For scripts: has scopes, expires, and never more rights than its owner."}})"));
  json.end();
}

}  // namespace

std::vector<DescribedCall> described_calls(const std::vector<Route>& routes) {
  std::vector<DescribedCall> calls;
  for (Operation& operation : all_operations()) {
    const auto route = std::ranges::find_if(routes, [&](const Route& candidate) {
      return candidate.method == operation.method && candidate.pattern == operation.pattern;
    });
    if (route != routes.end()) {
      calls.push_back({std::move(operation), route->access, route->scope});
    } else if (operation.pattern == "/ws/live") {
      // The server hands it to the live hub before the table is asked.
      calls.push_back({std::move(operation), Access::user, Scope::none});
    }
  }
  return calls;
}

bool is_required(const Parameter& parameter) {
  return parameter.required || parameter.in == Parameter::In::path;
}

bool is_write(const Operation& operation) {
  return operation.method != "GET";
}

std::vector<Parameter> parameters_of(const Operation& operation) {
  std::vector<Parameter> parameters = operation.parameters;
  const bool named = std::ranges::find(parameters, "format", &Parameter::name) != parameters.end();
  if (operation.csv && !named) parameters.push_back(format_parameter);
  return parameters;
}

std::string example_json(const Parameter& parameter) {
  const std::string schema = compact(parameter.schema);
  const bool number = schema.starts_with(R"({"type":"integer")") ||
                      schema.starts_with(R"({"type":"number")") ||
                      schema.starts_with(R"({"type":"boolean")");
  return number ? std::string(parameter.example) : quoted(parameter.example);
}

std::vector<int> problem_statuses(const DescribedCall& call) {
  std::set<int> statuses(call.operation.problems.begin(), call.operation.problems.end());
  statuses.insert({400, 503});
  if (call.access != Access::anyone) statuses.insert({401, 403});
  if (is_write(call.operation)) statuses.insert({403, 413, 415});
  return {statuses.begin(), statuses.end()};
}

std::string_view scope_word(Scope scope) {
  constexpr std::array<std::string_view, 6> words{"none",       "read",     "alarms",
                                                  "thresholds", "commands", "maintenance"};
  return words[static_cast<std::size_t>(scope)];
}

std::string openapi_document(std::string_view version, const std::vector<DescribedCall>& calls) {
  JsonWriter json;
  json.object().key("openapi").text("3.1.0");
  write_info(json, version);
  write_tags(json, calls);
  write_paths(json, calls);
  write_components(json);
  json.end();
  return json.take();
}

}  // namespace wl::web::openapi
