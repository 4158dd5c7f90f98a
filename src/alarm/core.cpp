#include "alarm/core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "alarm/text.hpp"
#include "base/check.hpp"

namespace wl::alarm {
namespace {

constexpr std::string_view system_device = "system";

MessageKey message_of(RuleKind kind) {
  return static_cast<MessageKey>(kind);
}
static_assert(static_cast<int>(MessageKey::state) == static_cast<int>(RuleKind::state));

Identity identity_of(const Rule& rule) {
  return {key_of(rule), rule.device, rule.parameter, alarm_type_of(rule), message_of(rule.kind)};
}

Identity identity_of(const Condition& condition) {
  return {key_of(condition), std::string(system_device), condition.subject,
          std::string(word(condition.name)), condition.name};
}

bool is_system_key(std::string_view key) {
  return key.starts_with("system:");
}

}  // namespace

std::string key_of(const Condition& condition) {
  return fmt::format("system:{}:{}", word(condition.name), condition.subject);
}

Core::Core(CoreOptions options, std::span<const CheckedRule> rules, std::vector<AlarmRecord> saved,
           Now start)
    : options_(options), book_(options.book), last_tick_(start.monotonic) {
  book_.restore(std::move(saved), start);
  replace_rules(rules, start);
}

void Core::replace_rules(std::span<const CheckedRule> rules, Now now) {
  std::vector<const CheckedRule*> sorted;
  std::vector<std::string> known;
  for (const CheckedRule& rule : rules) {
    sorted.push_back(&rule);
    known.push_back(key_of(rule.rule));
  }
  std::ranges::stable_sort(sorted, {}, [](const CheckedRule* rule) { return rule->point; });
  std::ranges::sort(known);
  WL_CHECK(std::ranges::adjacent_find(known) == known.end());  // check_rules() refuses those.

  const std::vector<Detector> old_detectors = std::exchange(detectors_, {});
  const std::vector<Watched> old_watched = std::exchange(watched_, {});
  std::map<std::string_view, std::size_t> old;
  for (std::size_t i = 0; i < old_watched.size(); ++i) old[old_watched[i].identity.key] = i;

  retire_unknown(known, now);
  for (const CheckedRule* rule : sorted) {
    if (!rule->rule.enabled) {
      book_.take_out_of_service(identity_of(rule->rule), now);
      continue;
    }
    watch(*rule, now);
    const auto before = old.find(watched_.back().identity.key);
    if (before == old.end() || old_watched[before->second].rule != rule->rule) continue;
    const Detector& kept = old_detectors[before->second];
    if (kept.point() == rule->point && kept.setpoint() == rule->setpoint) {
      detectors_.back() = kept;
    }
  }
}

void Core::watch(const CheckedRule& rule, Now now) {
  detectors_.emplace_back(rule, options_.counts);
  watched_.push_back({rule.rule, identity_of(rule.rule)});
  const std::string& key = watched_.back().identity.key;
  book_.return_to_service(key, now);
  if (const AlarmRecord* record = book_.find(key); record && record->active) {
    detectors_.back().restore(true, record->level);
  }
}

void Core::retire_unknown(const std::vector<std::string>& known, Now now) {
  for (const std::string& key : book_.keys()) {
    if (!is_system_key(key) && !std::ranges::binary_search(known, key)) book_.retire(key, now);
  }
}

void Core::on_values(const Observation& observation, Now now) {
  const Milliseconds passed = now.monotonic - std::exchange(last_tick_, now.monotonic);
  if (!observation.link_alive) {
    link_dead_ += passed;
    was_dead_ = true;
    return;
  }
  if (std::exchange(was_dead_, false)) {
    for (Detector& detector : detectors_) detector.after_gap();
  }
  const Milliseconds clock = now.monotonic - link_dead_;
  const std::span<const LiveValue> values = observation.values;
  for (std::size_t i = 0; i < detectors_.size(); ++i) {
    Detector& detector = detectors_[i];
    const std::size_t point = detector.point().value;
    if (point >= values.size()) break;  // Sorted by point: neither are the rest.
    const LiveValue* setpoint = nullptr;
    if (detector.setpoint() && detector.setpoint()->value < values.size()) {
      setpoint = &values[detector.setpoint()->value];
    }
    const Detector::Verdict verdict = detector.observe(values[point], setpoint, clock);
    if (verdict != Detector::Verdict::none) on_verdict(i, verdict, now);
  }
}

void Core::on_verdict(std::size_t index, Detector::Verdict verdict, Now now) {
  const Detector& detector = detectors_[index];
  const Watched& watched = watched_[index];
  const Finding finding{detector.level(), watched.rule.value, detector.measured()};
  if (verdict == Detector::Verdict::raise) {
    book_.raise(watched.identity, finding, now);
  } else if (verdict == Detector::Verdict::escalate) {
    book_.escalate(watched.identity.key, finding, now);
  } else {
    book_.clear(watched.identity.key, now);
  }
}

void Core::on_condition(const Condition& condition, Now now) {
  WL_CHECK(condition.name >= MessageKey::plc_down);
  const std::string key = key_of(condition);
  const Finding finding{condition.level, condition.threshold, condition.actual};
  const AlarmRecord* record = book_.find(key);
  const bool was_active = record && record->active;
  if (!condition.active) {
    if (was_active) book_.clear(key, now);
  } else if (was_active) {
    book_.escalate(key, finding, now);
  } else {
    book_.raise(identity_of(condition), finding, now);
  }
}

void Core::suppress(const Rule& rule, Book::Hide hide, Now now) {
  book_.suppress(identity_of(rule), hide, now);
}
void Core::suppress(const Condition& condition, Book::Hide hide, Now now) {
  book_.suppress(identity_of(condition), hide, now);
}

Result<AlarmRecord> Core::acknowledge(std::uint64_t id, const Order& order, Now now) {
  return book_.acknowledge(id, order, now);
}
Result<AlarmRecord> Core::shelve(std::uint64_t id, Milliseconds time, const Order& order, Now now) {
  return book_.shelve(id, time, order, now);
}
Result<AlarmRecord> Core::unshelve(std::uint64_t id, const Order& order, Now now) {
  return book_.unshelve(id, order, now);
}

}  // namespace wl::alarm
