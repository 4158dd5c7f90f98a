// The description of the API against the running server: routes = operations, every example is
// executed, every word and limit of a parameter is what it says.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "web/openapi/operations.hpp"
#include "web/testing/api_calls.hpp"
#include "web/testing/filled_server.hpp"

namespace wl::web {
namespace {

using namespace wl::web::testing;
using openapi::DescribedCall;
using openapi::Operation;
using openapi::Parameter;
using ::testing::IsEmpty;

using Places = std::vector<std::string>;

std::string place_of(std::string_view method, std::string_view pattern) {
  return fmt::format("{} {}", method, pattern);
}

bool is_live(const Operation& operation) {
  return operation.success == 101;
}

boost::json::object schema_of(const Parameter& parameter) {
  const std::string text(parameter.schema);
  return boost::json::parse(text).as_object();
}

/// The calls of a filled server as an administrator makes them.
class Caller {
 public:
  Answer send(const Operation& operation, const Arguments& arguments,
              std::string_view body = "") const {
    return request(server_.port(), target_of(operation, arguments),
                   admin_.all() + "Accept-Language: en\r\n" + headers_of(operation, arguments),
                   body);
  }
  const std::vector<DescribedCall>& calls() const { return server_.calls(); }
  FilledServer& server() { return server_; }

 private:
  FilledServer server_;
  SignedInClient admin_ = sign_in(server_.port());
};

TEST(ApiSpecification, describes_every_route_once_and_nothing_else) {
  const RunningServer server;
  std::multiset<std::string> routes;
  for (const Route& route : server.routes()) routes.insert(place_of(route.method, route.pattern));
  std::multiset<std::string> described;
  for (const Operation& operation : openapi::all_operations())
    if (!is_live(operation)) described.insert(place_of(operation.method, operation.pattern));

  EXPECT_EQ(described, routes);
}

TEST(ApiSpecification, gives_every_operation_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const Operation& operation : openapi::all_operations()) {
    EXPECT_TRUE(names.insert(operation.id).second) << operation.id;
    EXPECT_FALSE(operation.summary.empty() || operation.tag.empty()) << operation.id;
  }
}

TEST(ApiSpecification, describes_every_parameter_of_a_path) {
  Places missing;
  for (const Operation& operation : openapi::all_operations()) {
    std::string_view rest = operation.pattern;
    for (auto open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
      const std::string_view name = rest.substr(open + 1, rest.find('}') - open - 1);
      rest.remove_prefix(rest.find('}') + 1);
      const auto found = std::ranges::find_if(operation.parameters, [&](const Parameter& known) {
        return known.name == name && known.in == Parameter::In::path && !known.example.empty();
      });
      if (found == operation.parameters.end())
        missing.push_back(fmt::format("{} {}", operation.id, name));
    }
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST(ApiSpecification, has_examples_that_satisfy_their_schemas) {
  const SchemaCheck schemas;
  for (const Operation& operation : openapi::all_operations()) {
    SCOPED_TRACE(operation.id);
    for (const Parameter& parameter : openapi::parameters_of(operation)) {
      EXPECT_FALSE(parameter.description.empty()) << parameter.name;
      if (parameter.example.empty()) continue;
      EXPECT_EQ(schemas.mistake(parameter.schema, openapi::example_json(parameter)), std::nullopt)
          << parameter.name;
    }
    EXPECT_EQ(operation.request_schema.empty(), operation.request_example.empty());
    if (operation.request_schema.empty()) continue;
    EXPECT_EQ(schemas.mistake(operation.request_schema, operation.request_example), std::nullopt);
  }
}

TEST(ApiSpecification, has_examples_that_are_answered_as_described) {
  const AnswerCheck check;
  const std::size_t count = Caller().calls().size();
  for (std::size_t i = 0; i < count; ++i) {
    for (const Take take : {Take::only_needed, Take::all}) {
      const Caller caller;  // A fresh one: an example may remove what the next one is about.
      const DescribedCall& call = caller.calls()[i];
      if (is_live(call.operation)) continue;
      SCOPED_TRACE(call.operation.id);

      const Answer answer = caller.send(call.operation, examples_of(call.operation, take),
                                        call.operation.request_example);

      if (!needs_more_than_the_server(call.operation)) {
        EXPECT_EQ(answer.status, call.operation.success) << answer.body;
      }
      EXPECT_EQ(check.mistake(call, answer), std::nullopt);
    }
  }
}

TEST(ApiSpecification, tells_which_calls_give_a_csv) {
  const AnswerCheck check;
  const Caller caller;
  for (const DescribedCall& call : caller.calls()) {
    if (!call.operation.csv) continue;
    SCOPED_TRACE(call.operation.id);
    Arguments arguments = examples_of(call.operation, Take::all);
    arguments["format"] = "csv";

    const Answer answer = caller.send(call.operation, arguments);

    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_THAT(answer.header("Content-Type"), ::testing::StartsWith("text/csv"));
  }
}

TEST(ApiSpecification, names_only_words_that_the_server_takes_and_all_others_are_refused) {
  const Caller caller;
  for (const DescribedCall& call : caller.calls()) {
    if (openapi::is_write(call.operation) || is_live(call.operation)) continue;
    for (const Parameter& parameter : openapi::parameters_of(call.operation)) {
      const auto schema = schema_of(parameter);
      const auto* words = schema.if_contains("enum");
      if (parameter.in != Parameter::In::query || words == nullptr) continue;
      SCOPED_TRACE(fmt::format("{} {}", call.operation.id, parameter.name));
      Arguments arguments = examples_of(call.operation, Take::only_needed);
      for (const auto& word : words->as_array()) {
        arguments[std::string(parameter.name)] = std::string(std::string_view(word.as_string()));
        EXPECT_EQ(caller.send(call.operation, arguments).status, call.operation.success) << word;
      }
      arguments[std::string(parameter.name)] = "fortnight";
      EXPECT_EQ(caller.send(call.operation, arguments).status, 400);
    }
  }
}

/// Statuses at, and one beyond, the limits that a schema states for a number.
void expect_limits(const Caller& caller, const Operation& operation, const Parameter& parameter) {
  const auto schema = schema_of(parameter);
  Arguments arguments = examples_of(operation, Take::only_needed);
  const auto status_at = [&](std::int64_t value) {
    arguments[std::string(parameter.name)] = std::to_string(value);
    return caller.send(operation, arguments).status;
  };
  if (const auto* low = schema.if_contains("minimum")) {
    EXPECT_EQ(status_at(low->to_number<std::int64_t>()), operation.success);
    EXPECT_EQ(status_at(low->to_number<std::int64_t>() - 1), 400);
  }
  if (const auto* high = schema.if_contains("maximum")) {
    EXPECT_EQ(status_at(high->to_number<std::int64_t>()), operation.success);
    EXPECT_EQ(status_at(high->to_number<std::int64_t>() + 1), 400);
  }
}

TEST(ApiSpecification, states_the_limits_that_the_server_holds) {
  const Caller caller;
  for (const DescribedCall& call : caller.calls()) {
    if (openapi::is_write(call.operation) || is_live(call.operation)) continue;
    for (const Parameter& parameter : call.operation.parameters) {
      if (parameter.in != Parameter::In::query) continue;
      SCOPED_TRACE(fmt::format("{} {}", call.operation.id, parameter.name));
      expect_limits(caller, call.operation, parameter);
    }
  }
}

TEST(ApiSpecification, describes_the_live_socket_that_the_server_opens) {
  FilledServer server;
  const SignedInClient user = sign_in(server.port(), "operator", "operator1");
  Connection connection(server.port());

  connection.send(
      fmt::format("GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\n{1}"
                  "Origin: http://127.0.0.1:{0}\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                  server.port(), user.cookie));

  EXPECT_EQ(connection.receive().status, 101);
  EXPECT_THAT(connection.receive_frame(), ::testing::StartsWith(R"({"type":"snapshot","ts":)"));
  EXPECT_EQ(request(server.port(), "GET /ws/live", user.cookie).status, 404);
}

}  // namespace
}  // namespace wl::web
