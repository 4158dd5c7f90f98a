// Does a JSON satisfy a JSON Schema of our description? For tests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace wl::web::testing {

/// JSON Schema 2020-12 as far as the description of the API uses it: type, enum, const, properties,
/// required, additionalProperties, items, minItems, maxItems, minLength, maxLength, pattern, format
/// (date-time), minimum, maximum, oneOf, anyOf, $ref to components; description and default mean
/// nothing here. A schema that uses anything else throws std::logic_error: what is not checked must
/// not look as if it were.
class SchemaCheck {
 public:
  /// `#/components/schemas/…` are those of openapi::components().
  SchemaCheck();
  /// A JSON object of schemas by name.
  explicit SchemaCheck(std::string_view components);

  /// Nothing when it satisfies the schema; otherwise where, and why not:
  /// `$.alarms[0].id: 0 is less than 1`.
  std::optional<std::string> mistake(std::string_view schema, std::string_view json) const;

 private:
  struct Components;
  std::shared_ptr<const Components> components_;
};

}  // namespace wl::web::testing
