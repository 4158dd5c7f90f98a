#include "web/testing/fuzz_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace wl::web::testing {
namespace {

namespace json = boost::json;
using openapi::Operation;
using openapi::Parameter;
using namespace std::string_literals;

constexpr std::size_t long_text = 3000;  // Times three, encoded: above the limit of a header.

const std::vector<std::string>& corpus() {
  static const std::vector<std::string> all{
      // SQL
      "'; DROP TABLE alarms; --", "1 OR 1=1", "x' UNION SELECT password_hash FROM users --", "%",
      "_", "\\", "\"",
      // Paths
      "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "/", ".", "..", "a/b",
      // Cells and pages
      "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1:A9)", "-1+1", "<script>alert(1)</script>",
      // Lines of headers and logs
      "x\r\nSet-Cookie: a=b", "x\n2026-01-01 00:00:00 [error] forged", "\x1b[2J", "\t", "\x7f",
      // Text that is none
      "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe9\x87", "a\0b"s, "\0"s,
      // Formats
      "%s%s%n", "{}", "{0}", "${jndi:ldap://x}", "{{7*7}}",
      // Numbers
      "0", "-1", "-0", "1e3", "1e309", "NaN", "Infinity", "0x10", "01", " 1", "1 ", "+1", "1.5",
      "9223372036854775807", "9223372036854775808", "18446744073709551616", "٣",
      // Times
      "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "2026-01-01",
      "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
      "2026-01-01T00:00:00+99:99", "2026-01-01T00:00:00.0000000001Z", "now",
      // Words
      "null", "true", "[]", "undefined", "測點", "😀", "a,b,,c", ",", "*"};
  return all;
}

constexpr std::array<std::string_view, 14> odd_json{"null",
                                                    "true",
                                                    "[]",
                                                    "{}",
                                                    "0",
                                                    "-1",
                                                    "1e308",
                                                    "-1e-308",
                                                    "9223372036854775808",
                                                    "123456789012345678901234567890",
                                                    R"("\u0000")",
                                                    R"("\ud83d\ude00")",
                                                    "[[[[[]]]]]",
                                                    R"({"a":{"b":{"c":[]}}})"};

json::object schema_of(const Parameter& parameter) {
  return json::parse(json::string_view(parameter.schema.data(), parameter.schema.size()))
      .as_object();
}

bool is_number(const json::object& schema) {
  const auto* type = schema.if_contains("type");
  return type != nullptr && type->is_string() && type->get_string() == "integer";
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

std::string FuzzCase::shown() const {
  std::string out;
  for (const char c : target + " | " + headers + " | " + body.substr(0, 500)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte > 0x7e ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return out;
}

FuzzCase FuzzSource::next(const Operation& operation) {
  Arguments arguments = examples_of(operation, Take::only_needed);
  for (const Parameter& parameter : openapi::parameters_of(operation)) {
    if (parameter.in == Parameter::In::path ? one_in(2) : one_in(3))
      arguments[std::string(parameter.name)] = value_for(parameter);
  }
  FuzzCase request;
  // A header is no place for line breaks of ours: that would be another request.
  for (auto& [name, value] : arguments) {
    const bool header = std::ranges::any_of(operation.parameters, [&](const Parameter& known) {
      return known.in == Parameter::In::header && known.name == name;
    });
    if (header) std::erase_if(value, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  }
  request.target = target_of(operation, arguments);
  if (one_in(6)) request.target += query_noise();
  request.headers = headers_of(operation, arguments) + header_noise();
  request.body = body_for(operation);
  return request;
}

std::string FuzzSource::value_for(const Parameter& parameter) {
  switch (below(3)) {
    case 0:
      return valid(parameter);
    case 1:
      return at_limit(parameter);
    default:
      return garbage();
  }
}

std::string FuzzSource::valid(const Parameter& parameter) {
  const json::object schema = schema_of(parameter);
  if (const auto* words = schema.if_contains("enum")) {
    const auto& list = words->as_array();
    return std::string(std::string_view(list[below(list.size())].as_string()));
  }
  if (is_number(schema)) return std::to_string(1 + below(500));
  if (schema.if_contains("format") != nullptr)
    return fmt::format("202{}-0{}-{:02}T{:02}:00:00Z", 4 + below(3), 1 + below(9), 1 + below(28),
                       below(24));
  return std::string(parameter.example);
}

std::string FuzzSource::at_limit(const Parameter& parameter) {
  const json::object schema = schema_of(parameter);
  if (!is_number(schema)) return one_in(2) ? "" : repeated("A", long_text * below(2) + 190);
  const auto* low = schema.if_contains("minimum");
  const auto* high = schema.if_contains("maximum");
  const std::int64_t beyond = one_in(2) ? 1 : 0;
  if (high != nullptr && one_in(2)) return std::to_string(high->to_number<std::int64_t>() + beyond);
  return std::to_string((low != nullptr ? low->to_number<std::int64_t>() : 0) - beyond);
}

std::string FuzzSource::garbage() {
  if (one_in(20)) return repeated("\xe6\xb5\x8b", long_text);
  if (one_in(4)) {
    std::string noise;
    for (std::size_t i = below(24); i > 0; --i) noise += static_cast<char>(below(256));
    return noise;
  }
  return corpus()[below(corpus().size())];
}

std::string FuzzSource::query_noise() {
  constexpr std::array<std::string_view, 9> noises{
      "?%zz",        "?%",           "?=&&=&", "?page=1&page=2&page", "?unknown=1", "?%00=%00",
      "?a=\xff\x80", "?a[]=1&a[]=2", "??"};
  if (one_in(4)) return "?" + repeated("a=b&", 100);
  return std::string(noises[below(noises.size())]);
}

std::string FuzzSource::header_noise() {
  constexpr std::array<std::string_view, 6> noises{
      "Accept-Language: en;q=,zh;q=x,;;\r\n", "Accept-Language: \xff\xfe\r\n",
      "If-Match: \"\", W/\"1-1\", *\r\n",     "If-None-Match: *\r\n",
      "Cookie: a=b; wattline_session\r\n",    "X-Forwarded-For: ', 1, \r\n"};
  return one_in(5) ? std::string(noises[below(noises.size())]) : "";
}

std::string FuzzSource::body_for(const Operation& operation) {
  if (operation.request_example.empty()) return one_in(10) ? "{}" : "";
  switch (below(5)) {
    case 0:
      return std::string(operation.request_example);
    case 1:
      return broken_body(operation.request_example);
    default:
      return changed_body(operation.request_example);
  }
}

std::string FuzzSource::changed_body(std::string_view example) {
  const json::object object =
      json::parse(json::string_view(example.data(), example.size())).as_object();
  std::string out;
  const auto add = [&out](std::string_view name, std::string_view value) {
    out += fmt::format("{}{}:{}", out.empty() ? "{" : ",",
                       json::serialize(json::string(json::string_view(name.data(), name.size()))),
                       value);
  };
  for (const auto& [key, value] : object) {
    const std::string_view name = key;
    if (one_in(6)) continue;
    add(name, one_in(2) ? json_value() : json::serialize(value));
    if (one_in(8)) add(name, json_value());
  }
  if (one_in(6)) add("unknown", json_value());
  return out.empty() ? "{}" : out + "}";
}

std::string FuzzSource::json_value() {
  if (one_in(2)) return std::string(odd_json[below(odd_json.size())]);
  if (one_in(10)) return "[" + repeated("1,", 2000) + "1]";
  std::string text = one_in(8) ? repeated("测", 1000) : corpus()[below(corpus().size())];
  // Bytes that are no UTF-8 stay as they are: the server has to refuse them.
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string FuzzSource::broken_body(std::string_view example) {
  const std::string whole(example);
  switch (below(13)) {
    case 0:
      return whole.substr(0, below(whole.size()));
    case 1:
      return repeated("[", 10'000);
    case 2:
      return repeated(R"({"a":)", 40) + "1" + repeated("}", 40);
    case 3:
      return whole + whole;
    case 4:
      return "\xef\xbb\xbf" + whole;
    case 5:
      return "{\"a\":\"\xff\"}";
    case 6:
      return "{\"a\":\"\0\"}"s;
    case 7:
      return R"({"a":"\ud800"})";
    case 8:
      return R"({"a":)" + repeated("9", 5000) + "}";
    case 9:
      return R"({"a":1e999999999})";
    case 10:
      return whole + repeated(" ", 1 << 20);
    case 11:
      return std::string(odd_json[below(odd_json.size())]);
    default: {
      std::string flipped = whole;
      flipped[below(flipped.size())] = static_cast<char>(below(256));
      return flipped;
    }
  }
}

}  // namespace wl::web::testing
