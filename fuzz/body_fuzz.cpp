// Any body of a request: it is refused with a message that is text, or its values are in range.
//
// The first byte chooses whether the rest stands alone or in the place of one member of a whole
// body, as nearly every random text is no JSON at all.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/utf8.hpp"
#include "model/live_order.hpp"
#include "web/api/alarm_bodies.hpp"
#include "web/api/json_body.hpp"

namespace {

using namespace wl;
using namespace wl::web;

void check_problem(const Problem& problem) {
  WL_CHECK(problem.status == 400 && !problem.message.en.empty() && !problem.message.zh_cn.empty());
  for (const Language language : {Language::en, Language::zh_cn})
    WL_CHECK(is_utf8(problem_response(problem, language).body));
}

void try_texts(std::string_view body) {
  const auto parsed = parse_json_body(body);
  if (!parsed) return;
  for (const char* name : {"username", "password", "new_password"}) {
    const auto text = parsed->text(name);
    WL_CHECK(!text || is_utf8(*text));
  }
}

void try_order(std::string_view body) {
  for (const Wants wants : {Wants::note, Wants::ids, Wants::minutes}) {
    const auto order = parse_order_body(body, wants);
    if (!order) {
      check_problem(order.error());
      continue;
    }
    WL_CHECK(order->note.size() <= max_order_note && is_utf8(order->note));
    WL_CHECK((order->minutes == 0) == (wants != Wants::minutes));
    WL_CHECK(order->minutes >= 0 && order->minutes <= max_shelve_minutes);
    WL_CHECK(order->ids.empty() == (wants != Wants::ids) && order->ids.size() <= max_order_ids);
    WL_CHECK(std::ranges::is_sorted(order->ids) && std::ranges::count(order->ids, 0u) == 0);
    WL_CHECK(std::ranges::adjacent_find(order->ids) == order->ids.end());
  }
}

void check_threshold(const ThresholdRow& row) {
  constexpr Milliseconds a_day{86'400'000};
  WL_CHECK(std::isfinite(row.threshold_value) && std::isfinite(row.hysteresis));
  WL_CHECK(std::isfinite(row.setpoint_value));
  WL_CHECK(row.on_delay >= Milliseconds{0} && row.on_delay <= a_day);
  WL_CHECK(row.off_delay >= Milliseconds{0} && row.off_delay <= a_day);
  WL_CHECK(row.device_id.size() <= 190 && row.parameter_name.size() <= 190);
  WL_CHECK(row.kind.size() <= 20 && row.direction.size() <= 20 && row.alarm_level.size() <= 20);
  // What the server sets itself is not for the client to say.
  WL_CHECK(row.id == 0 && row.updated_by.empty() && row.version == ThresholdRow{}.version);
}

void try_threshold(std::string_view body) {
  const auto row = read_threshold(body, {});
  if (row) {
    check_threshold(*row);
  } else {
    check_problem(row.error());
  }
  const auto preview = parse_preview_body(body);
  if (!preview) return check_problem(preview.error());
  WL_CHECK(preview->days >= 1 && preview->days <= 30);
  check_threshold(preview->threshold);
}

constexpr std::array<std::string_view, 11> frames{
    "?",
    R"({"username":?,"password":"x"})",
    R"({"username":"admin","password":"?"})",
    R"({"note":"?"})",
    R"({"ids":?,"note":"x"})",
    R"({"minutes":?,"note":"x"})",
    R"({"?":1})",
    R"({"device_id":"conveyor","parameter_name":"power_kw","threshold_value":?})",
    R"({"device_id":"?","parameter_name":"power_kw","threshold_value":3,"days":7})",
    R"({"device_id":"conveyor","parameter_name":"power_kw","threshold_value":3,"days":?})",
    R"({"device_id":"conveyor","parameter_name":"power_kw","threshold_value":3,?})"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string body(frames[data[0] % frames.size()]);
  body.replace(body.find('?'), 1, reinterpret_cast<const char*>(data + 1), size - 1);
  try_texts(body);
  try_order(body);
  try_threshold(body);
  return 0;
}
