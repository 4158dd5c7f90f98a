#include "model/live_order.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "model/json_text.hpp"

namespace wl {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> words{"acknowledge", "shelve", "unshelve",
                                                "rules_changed"};
constexpr std::size_t max_name = 100;

bool has_ids(LiveOrder::Kind kind) {
  return kind != LiveOrder::Kind::rules_changed;
}

[[noreturn]] void refuse(const std::string& why) {
  throw std::invalid_argument(why);
}

std::uint64_t positive(const json::value& value, std::string_view name) {
  std::uint64_t number = 0;
  if (value.is_uint64()) number = value.get_uint64();
  if (value.is_int64() && value.get_int64() > 0) {
    number = static_cast<std::uint64_t>(value.get_int64());
  }
  if (number == 0 || number > max_order_id) {
    refuse(fmt::format("'{}' must be a whole number, 1 to {}", name, max_order_id));
  }
  return number;
}

const json::value& member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (!found) refuse(fmt::format("'{}' is missing", name));
  return *found;
}

std::string text(const json::object& object, std::string_view name, std::size_t least,
                 std::size_t most) {
  const json::value& value = member(object, name);
  const bool fits =
      value.is_string() && value.get_string().size() >= least && value.get_string().size() <= most;
  if (!fits) refuse(fmt::format("'{}' must be a text of {} to {} bytes", name, least, most));
  return std::string(value.get_string());
}

std::vector<std::uint64_t> ids_of(const json::object& object) {
  const json::value& value = member(object, "ids");
  const bool fits =
      value.is_array() && !value.get_array().empty() && value.get_array().size() <= max_order_ids;
  if (!fits) refuse(fmt::format("'ids' must be a list of 1 to {} numbers", max_order_ids));
  std::vector<std::uint64_t> ids;
  for (const json::value& id : value.get_array()) ids.push_back(positive(id, "ids"));
  std::vector<std::uint64_t> sorted = ids;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    refuse(fmt::format("'ids' has {} twice", *twice));
  }
  return ids;
}

LiveOrder::Kind kind_of(const json::object& object) {
  const std::string order = text(object, "order", 1, 30);
  const auto found = std::ranges::find(words, order);
  if (found == words.end()) {
    refuse(fmt::format("unknown order '{}'; there are {}", order, fmt::join(words, ", ")));
  }
  return static_cast<LiveOrder::Kind>(found - words.begin());
}

void refuse_unknown(const json::object& object, LiveOrder::Kind kind) {
  for (const auto& entry : object) {
    const std::string_view name = entry.key();
    const bool known = name == "order" || name == "ref" || name == "by" ||
                       (has_ids(kind) && (name == "ids" || name == "note")) ||
                       (kind == LiveOrder::Kind::shelve && name == "minutes");
    if (!known) refuse(fmt::format("'{}' has no member '{}'", word(kind), name.substr(0, 60)));
  }
}

LiveOrder order_of(const json::object& object) {
  LiveOrder order;
  order.kind = kind_of(object);
  refuse_unknown(object, order.kind);
  order.ref = positive(member(object, "ref"), "ref");
  order.by = text(object, "by", 1, max_name);
  if (!has_ids(order.kind)) return order;
  order.ids = ids_of(object);
  if (object.contains("note")) order.note = text(object, "note", 0, max_order_note);
  if (order.kind != LiveOrder::Kind::shelve) return order;
  const std::uint64_t minutes = positive(member(object, "minutes"), "minutes");
  if (minutes > max_shelve_minutes) {
    refuse(fmt::format("'minutes' must be 1 to {}", max_shelve_minutes));
  }
  order.minutes = static_cast<int>(minutes);
  return order;
}

}  // namespace

std::string_view word(LiveOrder::Kind kind) {
  return words[static_cast<std::size_t>(kind)];
}

std::string encode_order(const LiveOrder& order) {
  std::string line = fmt::format(R"({{"order":"{}","ref":{},"by":{})", word(order.kind), order.ref,
                                 json_quoted(order.by));
  if (has_ids(order.kind)) {
    line +=
        fmt::format(R"(,"ids":[{}],"note":{})", fmt::join(order.ids, ","), json_quoted(order.note));
  }
  if (order.kind == LiveOrder::Kind::shelve) line += fmt::format(R"(,"minutes":{})", order.minutes);
  return line + "}";
}

Result<LiveOrder> decode_order(std::string_view line) {
  try {
    if (line.size() > max_order_bytes) refuse("the line has more than 64 KiB");
    return order_of(json::parse(line).as_object());
  } catch (const std::exception& error) {
    return fail(Errc::invalid_argument, fmt::format("not an order: {}", error.what()));
  }
}

std::optional<std::uint64_t> ref_of_order(std::string_view line) {
  try {
    if (line.size() > max_order_bytes) return std::nullopt;
    return positive(json::parse(line).as_object().at("ref"), "ref");
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace wl
