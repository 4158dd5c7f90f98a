// JSON that a client sent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl::web {

/// The string members of a JSON object; other kinds count as missing.
class JsonBody {
 public:
  explicit JsonBody(std::map<std::string, std::string> texts) : texts_(std::move(texts)) {}
  std::optional<std::string> text(const std::string& name) const {
    const auto found = texts_.find(name);
    return found == texts_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::string> texts_;
};

/// Refuses what is not one JSON object, nests deeper than 32, or names a member twice.
Result<JsonBody> parse_json_body(std::string_view body);

}  // namespace wl::web
