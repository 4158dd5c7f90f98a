#include "web/testing/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <regex>
#include <stdexcept>
#include <vector>

#include "base/time.hpp"
#include "web/openapi/schemas.hpp"

namespace wl::web::testing {
namespace {

namespace json = boost::json;
using Mistake = std::optional<std::string>;

constexpr std::string_view reference_root = "#/components/schemas/";
/// std::regex recurses with the length of the text.
constexpr std::size_t longest_matched = 2000;

constexpr std::array<std::string_view, 20> keywords{
    "type",    "enum",       "const",    "properties", "required",  "additionalProperties",
    "items",   "minItems",   "maxItems", "minLength",  "maxLength", "pattern",
    "format",  "minimum",    "maximum",  "oneOf",      "anyOf",     "$ref",
    "default", "description"};

json::value parse(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) throw std::logic_error(fmt::format("{} is no JSON: {}", what, text.substr(0, 300)));
  return value;
}

std::string shown(const json::value& value) {
  const std::string text = json::serialize(value);
  return text.size() > 60 ? text.substr(0, 60) + "…" : text;
}

std::string_view view(const json::value& text) {
  return {text.as_string().data(), text.as_string().size()};
}

bool is_whole(const json::value& value) {
  if (value.is_int64() || value.is_uint64()) return true;
  return value.is_double() && std::abs(value.get_double()) < 9e15 &&
         static_cast<double>(static_cast<long long>(value.get_double())) == value.get_double();
}

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  throw std::logic_error(fmt::format("schema: unknown type '{}'", type));
}

/// RFC 3339: with T, seconds and zone. A bucket may begin in 1969, which our own parser does not
/// take; the same day 2000 years later it does, and has the same calendar.
bool is_date_time(std::string_view text) {
  constexpr std::size_t to_seconds = 19;
  if (text.size() <= to_seconds || text[10] != 'T' || text[16] != ':') return false;
  const char sign = text[text.size() - 6];
  if (!text.ends_with('Z') && sign != '+' && sign != '-') return false;
  std::string later(text);
  if (text.starts_with("19")) later.replace(0, 2, "39");
  return parse_iso8601(later).has_value();
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

struct SchemaCheck::Components {
  json::object by_name;
};

namespace {

/// One value against one schema, member by member.
class Check {
 public:
  explicit Check(const json::object& components) : components_(components) {}

  /// Every keyword in it is known and every reference leads somewhere.
  void verify(const json::value& schema) const {
    if (schema.is_bool()) return;
    for (const auto& [keyword, argument] : schema.as_object()) {
      const std::string_view name = keyword;
      if (std::ranges::find(keywords, name) == keywords.end())
        throw std::logic_error(fmt::format("schema: the keyword '{}' is not checked", name));
      if (name == "$ref") referenced(argument);
      if (name == "format" && view(argument) != "date-time")
        throw std::logic_error(fmt::format("schema: the format {} is not checked", view(argument)));
      if (name == "items" || name == "additionalProperties") verify(argument);
      if (name == "oneOf" || name == "anyOf")
        for (const json::value& branch : argument.as_array()) verify(branch);
      if (name == "properties")
        for (const auto& [member, inner] : argument.as_object()) verify(inner);
    }
  }

  Mistake check(const json::value& schema, const json::value& value,
                const std::string& path) const {
    if (schema.is_bool()) return schema.get_bool() ? Mistake() : path + ": is not allowed here";
    for (const auto& [keyword, argument] : schema.as_object()) {
      const Mistake mistake = check_keyword(keyword, argument, schema.get_object(), value, path);
      if (mistake) return mistake;
    }
    return std::nullopt;
  }

 private:
  const json::value& referenced(const json::value& reference) const {
    const std::string_view name = view(reference);
    const json::value* found =
        name.starts_with(reference_root)
            ? components_.if_contains(std::string(name.substr(reference_root.size())))
            : nullptr;
    if (found == nullptr) throw std::logic_error(fmt::format("schema: {} leads nowhere", name));
    return *found;
  }

  Mistake check_keyword(std::string_view keyword, const json::value& argument,
                        const json::object& schema, const json::value& value,
                        const std::string& path) const {
    if (keyword == "$ref") return check(referenced(argument), value, path);
    if (keyword == "type") return check_type(argument, value, path);
    if (keyword == "enum" || keyword == "const") return check_words(argument, value, path);
    if (keyword == "oneOf" || keyword == "anyOf")
      return check_branches(keyword, argument.as_array(), value, path);
    if (value.is_object()) return check_object(keyword, argument, schema, value.get_object(), path);
    if (value.is_array()) return check_array(keyword, argument, value.get_array(), path);
    if (value.is_string()) return check_text(keyword, argument, view(value), path);
    if (value.is_number()) return check_number(keyword, argument, value, path);
    return std::nullopt;
  }

  static Mistake check_type(const json::value& types, const json::value& value,
                            const std::string& path) {
    const bool right = types.is_string()
                           ? has_type(value, view(types))
                           : std::ranges::any_of(types.as_array(), [&](const json::value& type) {
                               return has_type(value, view(type));
                             });
    if (right) return std::nullopt;
    return fmt::format("{}: {} is not of type {}", path, shown(value), shown(types));
  }

  static Mistake check_words(const json::value& words, const json::value& value,
                             const std::string& path) {
    const bool known = words.is_array()
                           ? std::ranges::find(words.get_array(), value) != words.get_array().end()
                           : words == value;
    if (known) return std::nullopt;
    return fmt::format("{}: {} is none of {}", path, shown(value), shown(words));
  }

  Mistake check_branches(std::string_view keyword, const json::array& branches,
                         const json::value& value, const std::string& path) const {
    std::string why;
    int matches = 0;
    for (const json::value& branch : branches) {
      const Mistake mistake = check(branch, value, path);
      if (!mistake) ++matches;
      if (mistake) why += "; " + *mistake;
    }
    if (matches == 1 || (matches > 1 && keyword == "anyOf")) return std::nullopt;
    return fmt::format("{}: {} of {} branches match{}", path, matches, branches.size(), why);
  }

  Mistake check_object(std::string_view keyword, const json::value& argument,
                       const json::object& schema, const json::object& object,
                       const std::string& path) const {
    if (keyword == "required") {
      for (const json::value& name : argument.as_array())
        if (!object.contains(view(name)))
          return fmt::format("{}: the member '{}' is missing", path, view(name));
    }
    if (keyword == "properties") {
      for (const auto& [name, inner] : argument.as_object()) {
        const json::value* member = object.if_contains(name);
        if (member == nullptr) continue;
        if (const Mistake mistake = check(inner, *member, path + "." + std::string(name)))
          return mistake;
      }
    }
    if (keyword != "additionalProperties") return std::nullopt;
    const json::value* named = schema.if_contains("properties");
    for (const auto& [name, member] : object) {
      if (named != nullptr && named->as_object().contains(name)) continue;
      if (const Mistake mistake = check(argument, member, path + "." + std::string(name)))
        return mistake;
    }
    return std::nullopt;
  }

  Mistake check_array(std::string_view keyword, const json::value& argument,
                      const json::array& array, const std::string& path) const {
    if (keyword == "minItems" && array.size() < argument.to_number<std::size_t>())
      return fmt::format("{}: {} items are too few", path, array.size());
    if (keyword == "maxItems" && array.size() > argument.to_number<std::size_t>())
      return fmt::format("{}: {} items are too many", path, array.size());
    if (keyword != "items") return std::nullopt;
    for (std::size_t i = 0; i < array.size(); ++i)
      if (const Mistake mistake = check(argument, array[i], fmt::format("{}[{}]", path, i)))
        return mistake;
    return std::nullopt;
  }

  static Mistake check_text(std::string_view keyword, const json::value& argument,
                            std::string_view text, const std::string& path) {
    if (keyword == "minLength" && characters(text) < argument.to_number<std::size_t>())
      return fmt::format("{}: '{}' is too short", path, text);
    if (keyword == "maxLength" && characters(text) > argument.to_number<std::size_t>())
      return fmt::format("{}: {} characters are too many", path, characters(text));
    if (keyword == "format" && !is_date_time(text))
      return fmt::format("{}: '{}' is no date-time", path, text.substr(0, 60));
    if (keyword != "pattern") return std::nullopt;
    const std::regex pattern{std::string(view(argument))};
    if (text.size() <= longest_matched && std::regex_search(text.begin(), text.end(), pattern))
      return std::nullopt;
    return fmt::format("{}: '{}' does not match {}", path, text.substr(0, 60), view(argument));
  }

  static Mistake check_number(std::string_view keyword, const json::value& argument,
                              const json::value& value, const std::string& path) {
    const double number = value.to_number<double>();
    if (keyword == "minimum" && number < argument.to_number<double>())
      return fmt::format("{}: {} is less than {}", path, shown(value), shown(argument));
    if (keyword == "maximum" && number > argument.to_number<double>())
      return fmt::format("{}: {} is more than {}", path, shown(value), shown(argument));
    return std::nullopt;
  }

  const json::object& components_;
};

std::string components_json() {
  std::string text = "{";
  for (const auto& component : openapi::components())
    text +=
        fmt::format("{}\"{}\":{}", text.size() > 1 ? "," : "", component.name, component.schema);
  return text + "}";
}

}  // namespace

SchemaCheck::SchemaCheck() : SchemaCheck(components_json()) {}

SchemaCheck::SchemaCheck(std::string_view components) {
  auto known = std::make_shared<Components>();
  known->by_name = parse(components, "the schemas").as_object();
  const Check check(known->by_name);
  for (const auto& [name, schema] : known->by_name) check.verify(schema);
  components_ = std::move(known);
}

std::optional<std::string> SchemaCheck::mistake(std::string_view schema,
                                                std::string_view text) const {
  const json::value wanted = parse(schema, "the schema");
  const Check check(components_->by_name);
  check.verify(wanted);
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return fmt::format("$: no JSON: {}", text.substr(0, 200));
  return check.check(wanted, value, "$");
}

}  // namespace wl::web::testing
