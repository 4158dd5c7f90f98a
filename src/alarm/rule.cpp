#include "alarm/rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <unordered_map>

namespace wl::alarm {
namespace {

constexpr std::array<std::string_view, 3> level_words{"warning", "critical", "emergency"};
constexpr std::array<std::string_view, 7> kind_words{"high",  "low",     "deviation", "rate",
                                                     "stale", "quality", "state"};
constexpr Milliseconds longest_delay = std::chrono::hours(24);
constexpr double longest_stale_s = 7 * 86'400.0;

template <class Enum, std::size_t N>
std::optional<Enum> find_word(const std::array<std::string_view, N>& words, std::string_view text) {
  const auto found = std::ranges::find(words, text);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

std::string names_of(const Plant& plant, DeviceId device) {
  std::string all;
  for (const PointId id : plant.points_of(device)) {
    all += (all.empty() ? "" : ", ") + plant.point(id).name;
  }
  return all;
}

/// Where devices and points stand. The plant looks through all of them for each name, which takes
/// a second for 10,000 rules of 10,000 points: the core cannot wait so long.
class Places {
 public:
  explicit Places(const Plant& plant) : plant_(plant) {
    for (std::uint32_t i = 0; i < plant.devices.size(); ++i) {
      devices_.emplace(plant.devices[i].id, DeviceId{i});
    }
    for (std::uint32_t i = 0; i < plant.points.size(); ++i) {
      points_.emplace(plant.points[i].key, PointId{i});
    }
  }

  const Plant& plant() const { return plant_; }

  Result<PointId> point_of(const Rule& rule, const std::string& parameter) const {
    const auto device = devices_.find(rule.device);
    if (device == devices_.end()) {
      return fail(Errc::invalid_argument, fmt::format("the plant has no device '{}'", rule.device));
    }
    const auto point = points_.find(rule.device + "." + parameter);
    if (point != points_.end()) return point->second;
    return fail(Errc::invalid_argument,
                fmt::format("device '{}' has no parameter '{}'; it has: {}", rule.device, parameter,
                            names_of(plant_, device->second)));
  }

 private:
  const Plant& plant_;
  std::unordered_map<std::string_view, DeviceId> devices_;
  std::unordered_map<std::string_view, PointId> points_;
};

bool has_range(const PointSpec& point) {
  return point.low < point.high;
}

std::string check_limit(const Rule& rule, const PointSpec& point) {
  if (!has_range(point)) return "";
  if (rule.value < point.low || rule.value > point.high) {
    return fmt::format("value {} is outside the range {} … {} of {}", rule.value, point.low,
                       point.high, point.key);
  }
  const double clears_at =
      rule.kind == RuleKind::high ? rule.value - rule.hysteresis : rule.value + rule.hysteresis;
  if (clears_at < point.low || clears_at > point.high) {
    return fmt::format("with hysteresis {} it would clear at {}, which {} cannot reach",
                       rule.hysteresis, clears_at, point.key);
  }
  return "";
}

std::string check_state(const Rule& rule, const PointSpec& point) {
  if (point.kind != PointKind::state) {
    return fmt::format("{} is not a state; use high, low, deviation or rate", point.key);
  }
  if (rule.value < 0 || rule.value != std::trunc(rule.value)) {
    return fmt::format("value {} is not a state code (0, 1, 2 …)", rule.value);
  }
  if (!point.words.empty() && rule.value >= static_cast<double>(point.words.size())) {
    return fmt::format("{} has only the codes 0 to {}", point.key, point.words.size() - 1);
  }
  return "";
}

/// What is wrong with value and hysteresis for this kind of rule; empty when nothing is.
std::string check_value(const Rule& rule, const PointSpec& point) {
  switch (rule.kind) {
    case RuleKind::high:
    case RuleKind::low:
      return check_limit(rule, point);
    case RuleKind::deviation:
    case RuleKind::rate:
      if (point.kind == PointKind::state) {
        return fmt::format("{} is a state; only state, stale and quality rules fit it", point.key);
      }
      if (rule.value <= 0) return fmt::format("value {} must be greater than 0", rule.value);
      return rule.hysteresis > rule.value ? fmt::format("hysteresis {} is greater than value {}",
                                                        rule.hysteresis, rule.value)
                                          : "";
    case RuleKind::stale:
      return rule.value > 0 && rule.value <= longest_stale_s
                 ? ""
                 : fmt::format("value {} must be seconds, more than 0, at most 604800", rule.value);
    case RuleKind::quality:
      return rule.value == 0 || rule.value == 1
                 ? ""
                 : fmt::format("value {} must be 0 (bad) or 1 (bad and uncertain)", rule.value);
    case RuleKind::state:
      return check_state(rule, point);
  }
  return "unknown kind";
}

std::string check_numbers(const Rule& rule) {
  if (!std::isfinite(rule.value)) return "value is not a finite number";
  if (!std::isfinite(rule.setpoint)) return "setpoint is not a finite number";
  if (!std::isfinite(rule.hysteresis) || rule.hysteresis < 0) {
    return "hysteresis must be a finite number, 0 or more";
  }
  const bool comparable = rule.kind == RuleKind::high || rule.kind == RuleKind::low ||
                          rule.kind == RuleKind::deviation || rule.kind == RuleKind::rate;
  if (rule.hysteresis > 0 && !comparable) {
    return fmt::format("a rule of kind {} has no hysteresis; set it to 0", word(rule.kind));
  }
  const auto wrong = [](Milliseconds delay) { return delay.count() < 0 || delay > longest_delay; };
  if (wrong(rule.on_delay) || wrong(rule.off_delay)) {
    return "on delay and off delay must be 0 s to 24 h";
  }
  return "";
}

Result<CheckedRule> check(const Rule& rule, const Places& places) {
  const auto refuse = [&](const std::string& why) {
    return fail(Errc::invalid_argument, fmt::format("rule {}.{} {}: {}", rule.device,
                                                    rule.parameter, word(rule.kind), why));
  };
  const Result<PointId> point = places.point_of(rule, rule.parameter);
  if (!point) return refuse(point.error().what);
  if (const std::string why = check_numbers(rule); !why.empty()) return refuse(why);
  if (const std::string why = check_value(rule, places.plant().point(*point)); !why.empty()) {
    return refuse(why);
  }
  CheckedRule checked{rule, *point, std::nullopt};
  if (rule.setpoint_parameter.empty()) return checked;
  if (rule.kind != RuleKind::deviation) return refuse("only a deviation has a setpoint parameter");
  const Result<PointId> setpoint = places.point_of(rule, rule.setpoint_parameter);
  if (!setpoint) return refuse(setpoint.error().what);
  checked.setpoint = *setpoint;
  return checked;
}

}  // namespace

std::string_view word(Level level) {
  return level_words[static_cast<std::size_t>(level)];
}
std::string_view word(RuleKind kind) {
  return kind_words[static_cast<std::size_t>(kind)];
}
std::optional<Level> level_from_word(std::string_view text) {
  return find_word<Level>(level_words, text);
}
std::optional<RuleKind> kind_from_word(std::string_view text) {
  return find_word<RuleKind>(kind_words, text);
}

std::string key_of(const Rule& rule) {
  return fmt::format("{}.{}:{}:{}", rule.device, rule.parameter, word(rule.kind),
                     rule.level ? word(*rule.level) : "auto");
}

std::string alarm_type_of(const Rule& rule) {
  const bool limit = rule.kind == RuleKind::high || rule.kind == RuleKind::low;
  return fmt::format("{}_{}", rule.parameter, limit ? "threshold" : word(rule.kind));
}

Result<CheckedRule> check_rule(const Rule& rule, const Plant& plant) {
  return check(rule, Places(plant));
}

CheckedRules check_rules(std::span<const Rule> rules, const Plant& plant) {
  CheckedRules all;
  const Places places(plant);
  std::set<std::string> keys;
  for (const Rule& rule : rules) {
    Result<CheckedRule> checked = check(rule, places);
    if (!checked) {
      all.refused.push_back({rule, checked.error()});
    } else if (!keys.insert(key_of(rule)).second) {
      all.refused.push_back({rule, {Errc::conflict, "there are two rules " + key_of(rule)}});
    } else {
      all.accepted.push_back(std::move(*checked));
    }
  }
  return all;
}

Level level_of_excess(double excess) {
  // 6.6 over 5.5 is 0.19999999999999993 in binary: what is 20 % in decimal must count as 20 %.
  constexpr double tolerance = 1e-9;
  if (excess >= 0.5 - tolerance) return Level::emergency;
  return excess >= 0.2 - tolerance ? Level::critical : Level::warning;
}

}  // namespace wl::alarm
