#include "web/testing/api_calls.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::web::testing {
namespace {

using openapi::Operation;
using openapi::Parameter;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string value_of(const Parameter& parameter, const Arguments& arguments) {
  const auto given = arguments.find(parameter.name);
  return given == arguments.end() ? std::string(parameter.example) : given->second;
}

std::string path_of(const Operation& operation, const Arguments& arguments) {
  std::string path(operation.pattern);
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.in != Parameter::In::path) continue;
    const std::string slot = fmt::format("{{{}}}", parameter.name);
    const auto at = path.find(slot);
    if (at != std::string::npos)
      path.replace(at, slot.size(), percent_encoded(value_of(parameter, arguments)));
  }
  return path;
}

bool is_media_type(const Answer& answer, std::string_view wanted) {
  const std::string type = answer.header("Content-Type");
  return type == wanted || type.starts_with(std::string(wanted) + ";");
}

}  // namespace

bool needs_more_than_the_server(const Operation& operation) {
  return operation.id == "give_command" || operation.id == "make_backup" ||
         operation.id == "readiness";
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

Arguments examples_of(const Operation& operation, Take take) {
  Arguments arguments;
  for (const Parameter& parameter : openapi::parameters_of(operation)) {
    const bool needed = openapi::is_required(parameter);
    if ((needed || take == Take::all) && !parameter.example.empty())
      arguments.emplace(parameter.name, parameter.example);
  }
  return arguments;
}

std::string target_of(const Operation& operation, const Arguments& arguments) {
  std::string query;
  for (const Parameter& parameter : openapi::parameters_of(operation)) {
    const auto given = arguments.find(parameter.name);
    if (parameter.in != Parameter::In::query || given == arguments.end()) continue;
    query += fmt::format("{}{}={}", query.empty() ? "?" : "&", percent_encoded(parameter.name),
                         percent_encoded(given->second));
  }
  return fmt::format("{} {}{}", operation.method, path_of(operation, arguments), query);
}

std::string headers_of(const Operation& operation, const Arguments& arguments) {
  std::string lines;
  for (const Parameter& parameter : operation.parameters) {
    const auto given = arguments.find(parameter.name);
    if (parameter.in == Parameter::In::header && given != arguments.end())
      lines += fmt::format("{}: {}\r\n", parameter.name, given->second);
  }
  return lines;
}

std::optional<std::string> AnswerCheck::mistake(const openapi::DescribedCall& call,
                                                const Answer& answer) const {
  if (answer.status == 0) return "no answer";
  if (answer.status == 101)
    return call.operation.success == 101 ? std::optional<std::string>() : "an unexpected 101";
  if (answer.header("X-Content-Type-Options") != "nosniff")
    return "the security headers are missing";
  const auto why = answer.status == call.operation.success ? success_mistake(call.operation, answer)
                                                           : problem_mistake(call, answer);
  if (!why) return std::nullopt;
  return fmt::format("{} {}: {}", answer.status, *why, answer.body.substr(0, 400));
}

std::optional<std::string> AnswerCheck::success_mistake(const Operation& operation,
                                                        const Answer& answer) const {
  if (operation.etag && answer.header("ETag").empty()) return "has no ETag";
  if (operation.csv && is_media_type(answer, "text/csv")) return std::nullopt;
  if (!is_media_type(answer, operation.media_type))
    return fmt::format("is {}, not {}", answer.header("Content-Type"), operation.media_type);
  if (operation.response_schema.empty()) return std::nullopt;
  return schemas_.mistake(operation.response_schema, answer.body);
}

std::optional<std::string> AnswerCheck::problem_mistake(const openapi::DescribedCall& call,
                                                        const Answer& answer) const {
  const auto known = openapi::problem_statuses(call);
  // Of every call: another method, a header that is too large.
  const bool described = std::ranges::find(known, answer.status) != known.end() ||
                         answer.status == 405 || answer.status == 431;
  if (!described) return "is not in the description";
  if (!is_media_type(answer, "application/problem+json"))
    return "is no problem but " + answer.header("Content-Type");
  if (answer.body.find(fmt::format("\"status\":{}", answer.status)) == std::string::npos)
    return "has another status in its body";
  return schemas_.mistake(R"({"$ref":"#/components/schemas/Problem"})", answer.body);
}

}  // namespace wl::web::testing
