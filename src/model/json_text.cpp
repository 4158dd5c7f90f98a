#include "model/json_text.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace wl {

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char buffer[32];
  const auto [end, ec] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return ec == std::errc{} ? std::string(buffer, end) : "null";
}

std::string json_quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string(text));
}

Timestamp json_time(const boost::json::value& value) {
  const auto time = parse_iso8601(value.as_string());
  if (!time) throw std::invalid_argument(time.error().what);
  return *time;
}

}  // namespace wl
