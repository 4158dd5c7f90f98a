#include "web/api/json_body.hpp"

#include <boost/json.hpp>

#include "base/json_duplicates.hpp"

namespace wl::web {

Result<JsonBody> parse_json_body(std::string_view body) {
  namespace json = boost::json;
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !value.is_object()) {
    return fail(Errc::invalid_argument, "the body is not a JSON object");
  }
  if (!duplicate_keys(body).empty())
    return fail(Errc::invalid_argument, "a member stands twice in the body");
  std::map<std::string, std::string> texts;
  for (const auto& [name, member] : value.get_object()) {
    if (member.is_string()) {
      texts.emplace(std::string(name), std::string(std::string_view(member.get_string())));
    }
  }
  return JsonBody(std::move(texts));
}

}  // namespace wl::web
