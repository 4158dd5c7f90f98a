#include "web/api/body_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/json_duplicates.hpp"
#include "base/utf8.hpp"

namespace wl::web {

namespace json = boost::json;

BodyReader::BodyReader(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(text.empty() ? "{}" : json::string_view(text), error);
  if (error || !value.is_object()) {
    refuse(problems::bad_request("请求体不是 JSON 对象", "the body is not a JSON object"));
  } else if (!duplicate_keys(text).empty()) {  // Which of the two counts is anybody's guess.
    refuse(problems::bad_request("请求体中有字段重复", "a member stands twice in the body"));
  } else {
    object_ = std::move(value.get_object());
  }
}

void BodyReader::text(std::string_view name, std::string& to, std::size_t most_bytes) {
  const json::value* value = take(name);
  if (value == nullptr) return;
  if (!value->is_string() || value->get_string().size() > most_bytes) {
    return refuse(name, fmt::format("应为不超过 {} 字节的文本", most_bytes),
                  fmt::format("should be a text of at most {} bytes", most_bytes));
  }
  to = std::string_view(value->get_string());
}

void BodyReader::number(std::string_view name, double& to) {
  const json::value* value = take(name);
  if (value == nullptr) return;
  if (!value->is_number() || !std::isfinite(value->to_number<double>()))
    return refuse(name, "应为数字", "should be a number");
  to = value->to_number<double>();
}

void BodyReader::whole(std::string_view name, std::int64_t& to, std::int64_t low,
                       std::int64_t high) {
  const json::value* value = take(name);
  if (value == nullptr) return;
  if (!value->is_int64() || value->get_int64() < low || value->get_int64() > high) {
    return refuse(name, fmt::format("应为 {} – {} 的整数", low, high),
                  fmt::format("should be a whole number, {} – {}", low, high));
  }
  to = value->get_int64();
}

void BodyReader::flag(std::string_view name, bool& to) {
  const json::value* value = take(name);
  if (value == nullptr) return;
  if (!value->is_bool()) return refuse(name, "应为 true 或 false", "should be true or false");
  to = value->get_bool();
}

std::vector<std::int64_t> BodyReader::whole_numbers(std::string_view name, std::size_t most) {
  const json::value* value = take(name);
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  std::vector<std::int64_t> numbers;
  if (array != nullptr && array->size() <= most) {
    for (const json::value& one : *array)
      if (one.is_int64() && one.get_int64() > 0) numbers.push_back(one.get_int64());
  }
  if (numbers.empty() || numbers.size() != array->size()) {
    numbers.clear();
    refuse(name, fmt::format("应为 1 – {} 个正整数的数组", most),
           fmt::format("should be an array of 1 – {} whole numbers above 0", most));
  }
  return numbers;
}

std::vector<std::string> BodyReader::texts(std::string_view name, std::size_t most) {
  const json::value* value = take(name);
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  std::vector<std::string> found;
  if (array != nullptr && array->size() <= most) {
    for (const json::value& one : *array)
      if (one.is_string()) found.emplace_back(std::string_view(one.get_string()));
  }
  if (found.empty() || found.size() != array->size()) {
    found.clear();
    refuse(name, fmt::format("应为 1 – {} 个文本的数组", most),
           fmt::format("should be an array of 1 – {} texts", most));
  }
  return found;
}

void BodyReader::null_is_empty(std::string_view name) {
  if (json::value* value = object_.if_contains(name); value != nullptr && value->is_null())
    *value = "";
}

void BodyReader::need(std::string_view name) {
  if (!has(name)) refuse(name, "缺少", "is missing");
}

void BodyReader::refuse(Problem problem) {
  if (!problem_) problem_ = std::move(problem);
}

void BodyReader::refuse(std::string_view name, std::string_view zh_cn, std::string_view en) {
  refuse(problems::bad_request(fmt::format("{}:{}", name, zh_cn), fmt::format("{}: {}", name, en)));
}

std::optional<Problem> BodyReader::mistake() {
  for (const auto& member : object_) {
    const std::string_view name = member.key();
    if (std::ranges::find(taken_, name) == taken_.end())
      refuse(utf8_prefix(name, 40), "未知的字段", "is not a member that is known here");
  }
  return problem_;
}

const json::value* BodyReader::take(std::string_view name) {
  taken_.emplace_back(name);
  return object_.if_contains(name);
}

}  // namespace wl::web
