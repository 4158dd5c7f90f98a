#include "alarm/row.hpp"

#include <fmt/format.h>

#include <optional>

#include "alarm/text.hpp"

namespace wl::alarm {
namespace {

/// A member that is read from a word of a row; the first one that is unknown is remembered.
class Words {
 public:
  Words(std::string_view table, std::int64_t id) : table_(table), id_(id) {}

  template <class T>
  T take(std::string_view column, const std::string& text, std::optional<T> meaning) {
    if (!meaning) refuse(column, text);
    return meaning.value_or(T{});
  }
  void refuse(std::string_view column, std::string_view text) {
    if (!error_.empty()) return;
    error_ = fmt::format(
        "table {}, row {}, column {}: '{}' is not known here; correct it, or use "
        "the version of Wattline that wrote it",
        table_, id_, column, text);
  }
  const std::string& error() const { return error_; }

 private:
  std::string_view table_;
  std::int64_t id_;
  std::string error_;
};

std::string both_languages(const AlarmRecord& record, const Plant& plant) {
  return message_of(record, plant, Language::zh_cn) + " / " +
         message_of(record, plant, Language::en);
}

bool is_limit(RuleKind kind) {
  return kind == RuleKind::high || kind == RuleKind::low;
}

RuleKind kind_of(const ThresholdRow& row, Words& words) {
  if (row.kind == "limit") {
    if (row.direction == "low") return RuleKind::low;
    if (row.direction != "high") words.refuse("direction", row.direction);
    return RuleKind::high;
  }
  const auto kind = kind_from_word(row.kind);
  // `high` and `low` are a limit with its direction: written as a kind they would stand twice.
  if (!kind || is_limit(*kind)) words.refuse("kind", row.kind);
  if (row.direction != "high") words.refuse("direction", row.direction);
  return kind.value_or(RuleKind::high);
}

}  // namespace

AlarmRow row_of(const AlarmRecord& record, const Plant& plant) {
  AlarmRow row;
  row.id = record.id;
  row.key = record.key;
  row.timestamp = record.timestamp;
  row.device_id = record.device;
  row.parameter_name = record.parameter;
  row.alarm_type = record.alarm_type;
  row.message_key = word(record.message);
  row.message = both_languages(record, plant);
  row.alarm_level = word(record.level);
  row.threshold_value = record.threshold_value;
  row.actual_value = record.actual_value;
  row.state = word(record.state);
  row.active = record.active;
  row.cleared_at = record.cleared_at;
  row.acknowledged = record.acknowledged;
  row.acknowledged_by = record.acknowledged_by;
  row.acknowledged_at = record.acknowledged_at;
  row.note = record.note;
  row.shelved_by = record.shelved_by;
  row.shelved_until = record.shelved_until;
  row.raise_count = record.raise_count;
  row.suppressed_count = record.suppressed_count;
  row.announced_at = record.announced_at;
  row.announced_level = word(record.announced_level);
  row.announced = record.announced;
  row.chattering = record.chattering;
  row.superseded_by = record.superseded_by;
  return row;
}

Result<AlarmRecord> record_of(const AlarmRow& row) {
  Words words("alarms", static_cast<std::int64_t>(row.id));
  AlarmRecord record;
  record.id = row.id;
  record.key = row.key;
  record.timestamp = row.timestamp;
  record.device = row.device_id;
  record.parameter = row.parameter_name;
  record.alarm_type = row.alarm_type;
  record.message = words.take("message_key", row.message_key, message_from_word(row.message_key));
  record.level = words.take("alarm_level", row.alarm_level, level_from_word(row.alarm_level));
  record.threshold_value = row.threshold_value;
  record.actual_value = row.actual_value;
  record.state = words.take("state", row.state, state_from_word(row.state));
  record.active = row.active;
  record.cleared_at = row.cleared_at;
  record.acknowledged = row.acknowledged;
  record.acknowledged_by = row.acknowledged_by;
  record.acknowledged_at = row.acknowledged_at;
  record.note = row.note;
  record.shelved_by = row.shelved_by;
  record.shelved_until = row.shelved_until;
  record.raise_count = row.raise_count;
  record.suppressed_count = row.suppressed_count;
  record.announced_at = row.announced_at;
  record.announced_level =
      words.take("announced_level", row.announced_level, level_from_word(row.announced_level));
  record.announced = row.announced;
  record.chattering = row.chattering;
  record.superseded_by = row.superseded_by;
  if (!words.error().empty()) return fail(Errc::corrupt, words.error());
  return record;
}

AlarmJournalRow journal_row_of(const Change& change) {
  AlarmJournalRow row;
  row.seq = change.seq;
  row.alarm_id = change.record.id;
  row.key = change.record.key;
  row.at = change.at;
  row.event = word(change.event);
  row.from_state = word(change.from);
  row.to_state = word(change.to);
  row.by = change.by;
  row.alarm_level = word(change.record.level);
  // The record keeps the note of an earlier order: it belongs to the change that a person made.
  const bool with_note = change.event == Event::acknowledge || change.event == Event::shelve;
  if (with_note) row.note = change.record.note;
  return row;
}

Result<Rule> rule_of(const ThresholdRow& row) {
  Words words("thresholds", row.id);
  Rule rule;
  rule.device = row.device_id;
  rule.parameter = row.parameter_name;
  rule.kind = kind_of(row, words);
  rule.value = row.threshold_value;
  if (!row.alarm_level.empty()) {
    rule.level = words.take("alarm_level", row.alarm_level, level_from_word(row.alarm_level));
  }
  rule.hysteresis = row.hysteresis;
  rule.on_delay = row.on_delay;
  rule.off_delay = row.off_delay;
  rule.setpoint_parameter = row.setpoint_parameter;
  rule.setpoint = row.setpoint_value;
  rule.enabled = row.enabled;
  if (!words.error().empty()) return fail(Errc::corrupt, words.error());
  return rule;
}

ThresholdRow row_of(const Rule& rule) {
  ThresholdRow row;
  row.device_id = rule.device;
  row.parameter_name = rule.parameter;
  row.kind = is_limit(rule.kind) ? "limit" : word(rule.kind);
  row.direction = rule.kind == RuleKind::low ? "low" : "high";
  row.threshold_value = rule.value;
  if (rule.level) row.alarm_level = word(*rule.level);
  row.hysteresis = rule.hysteresis;
  row.on_delay = rule.on_delay;
  row.off_delay = rule.off_delay;
  row.setpoint_parameter = rule.setpoint_parameter;
  row.setpoint_value = rule.setpoint;
  row.enabled = rule.enabled;
  return row;
}

UsableRules usable_rules(std::span<const ThresholdRow> rows, const Plant& plant) {
  UsableRules usable;
  std::vector<Rule> rules;
  for (const ThresholdRow& row : rows) {
    auto rule = rule_of(row);
    if (rule) {
      rules.push_back(std::move(*rule));
    } else {
      usable.refused.push_back(std::move(rule.error().what));
    }
  }
  CheckedRules checked = check_rules(rules, plant);
  usable.rules = std::move(checked.accepted);
  for (RefusedRule& refused : checked.refused)
    usable.refused.push_back(std::move(refused.why.what));
  return usable;
}

}  // namespace wl::alarm
