// Calls of the described API as bytes, and what the description says of their answers; for tests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "web/openapi/document.hpp"
#include "web/testing/http_client.hpp"
#include "web/testing/schema_check.hpp"

namespace wl::web::testing {

/// Values of parameters by name, not encoded.
using Arguments = std::map<std::string, std::string, std::less<>>;

/// For a path segment or a query: everything but letters, digits and `-._~` as %XX.
std::string percent_encoded(std::string_view text);

/// What it needs is not beside a server under test: the gateway, the collector, `wattline`. Its own
/// tests have them; elsewhere its answer only has to be one that is described.
bool needs_more_than_the_server(const openapi::Operation& operation);

/// The examples of the parameters; `only_needed`: of those without which there is no call.
enum class Take { only_needed, all };
Arguments examples_of(const openapi::Operation& operation, Take take);

/// `GET /api/alarms/1?note=x`: method and target. A path parameter without a value gets its
/// example.
std::string target_of(const openapi::Operation& operation, const Arguments& arguments);
/// The header parameters among them as lines.
std::string headers_of(const openapi::Operation& operation, const Arguments& arguments);

/// Holds answers against the description.
class AnswerCheck {
 public:
  /// Nothing when status, media type and body are those that the description of the call names;
  /// otherwise what is not.
  std::optional<std::string> mistake(const openapi::DescribedCall& call,
                                     const Answer& answer) const;
  const SchemaCheck& schemas() const { return schemas_; }

 private:
  std::optional<std::string> success_mistake(const openapi::Operation& operation,
                                             const Answer& answer) const;
  std::optional<std::string> problem_mistake(const openapi::DescribedCall& call,
                                             const Answer& answer) const;

  SchemaCheck schemas_;
};

}  // namespace wl::web::testing
