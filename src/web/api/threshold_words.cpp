#include "web/api/threshold_words.hpp"

#include <fmt/format.h>

#include "alarm/row.hpp"
#include "web/api/etag.hpp"

namespace wl::web {
namespace {

Problem invalid(const std::string& en) {
  return {400, "invalid_threshold", {"阈值无效:" + en, en}, {}};
}

/// A word that no threshold has, with those that it may have.
std::optional<Problem> word_problem(const ThresholdRow& row) {
  const bool limit = row.kind == "limit";
  const auto kind = alarm::kind_from_word(row.kind);
  const bool is_kind =
      limit || (kind && *kind != alarm::RuleKind::high && *kind != alarm::RuleKind::low);
  if (!is_kind) return invalid("kind: should be limit, deviation, rate, stale, quality or state");
  if (row.direction != "high" && !(limit && row.direction == "low"))
    return invalid("direction: should be high, or low for a limit");
  if (!row.alarm_level.empty() && !alarm::level_from_word(row.alarm_level))
    return invalid("alarm_level: should be warning, critical or emergency; null: by the excess");
  return std::nullopt;
}

/// A limit below zero is a slip of the pen unless the point goes there.
bool is_odd_negative(const ThresholdRow& row, const PointSpec& point) {
  const bool reaches_below = point.low < 0 && point.low < point.high;
  return row.threshold_value < 0 && !reaches_below;
}

}  // namespace

std::string etag_of(const ThresholdRow& row) {
  return etag_of(row.id, row.version);
}

void write_threshold(JsonWriter& json, const ThresholdRow& row, const Plant& plant) {
  const auto point = plant.find_point(row.device_id + "." + row.parameter_name);
  json.object().key("id").integer(row.id).key("device_id").text(row.device_id);
  json.key("parameter_name").text(row.parameter_name).key("kind").text(row.kind);
  json.key("direction").text(row.direction).key("threshold_value").number(row.threshold_value);
  json.key("unit").text(point ? plant.point(*point).unit : "").key("alarm_level");
  if (row.alarm_level.empty()) {
    json.null();
  } else {
    json.text(row.alarm_level);
  }
  json.key("hysteresis").number(row.hysteresis).key("on_delay_ms").integer(row.on_delay.count());
  json.key("off_delay_ms").integer(row.off_delay.count());
  json.key("setpoint_parameter").text(row.setpoint_parameter);
  json.key("setpoint_value").number(row.setpoint_value).key("enabled").boolean(row.enabled);
  json.key("updated_by").text(row.updated_by).key("updated_at").text(to_iso8601(row.updated_at));
  json.key("version").integer(row.version).end();
}

std::optional<Problem> threshold_problem(const ThresholdRow& row, const Plant& plant) {
  if (auto problem = word_problem(row)) return problem;
  const auto rule = alarm::rule_of(row);
  if (!rule) return invalid(rule.error().what);
  const auto checked = alarm::check_rule(*rule, plant);
  if (!checked) return invalid(checked.error().what);
  if (is_odd_negative(row, plant.point(checked->point)))
    return invalid(fmt::format("threshold_value: {} is negative, and {} is not",
                               row.threshold_value, plant.point(checked->point).key));
  return std::nullopt;
}

std::string preview_json(const FiringCount& count, int days, Language language) {
  JsonWriter json;
  json.object().key("success").boolean(true);
  json.key("firings").integer(static_cast<std::int64_t>(count.firings));
  json.key("minutes").integer(static_cast<std::int64_t>(count.minutes));
  json.key("minutes_with_values").integer(static_cast<std::int64_t>(count.minutes_with_values));
  json.key("days").integer(days).key("newest").array();
  for (const Firing& firing : count.newest) {
    json.object().key("from").text(to_iso8601(firing.from)).key("to").text(to_iso8601(firing.to));
    json.key("extreme").number(firing.extreme).end();
  }
  json.end().key("counted").text(
      language == Language::en
          ? "minutes in a row whose greatest value (of a low limit: least) passed the limit count "
            "as one firing, with the hysteresis; delays and ALARM_CONSECUTIVE_COUNT were not "
            "looked at, so the rule fires at most so often"
          : "连续若干分钟的最大值(下限为最小值)超限计为一次,已考虑回差;未考虑延时和 "
            "ALARM_CONSECUTIVE_COUNT,因此这是实际触发次数的上限");
  json.end();
  return json.take();
}

}  // namespace wl::web
