// Between the alarm core and the rows that are stored: model/alarm_row.hpp.
#pragma once

#include <span>
#include <vector>

#include "alarm/record.hpp"
#include "alarm/rule.hpp"
#include "base/result.hpp"
#include "model/alarm_row.hpp"
#include "model/plant.hpp"

namespace wl::alarm {

/// `message` gets both languages. A record without an id (hidden before it was ever raised) has no
/// row: do not store it.
AlarmRow row_of(const AlarmRecord& record, const Plant& plant);

/// Back again. `corrupt` names the row and the column that cannot be understood: the row was
/// written by another program, or by a newer version of this one.
Result<AlarmRecord> record_of(const AlarmRow& row);

/// Every Change has one, also that of a record without an id.
AlarmJournalRow journal_row_of(const Change& change);

/// `corrupt` names the row and the column that cannot be understood. Whether the plant can have
/// such a rule, check_rule() tells.
Result<Rule> rule_of(const ThresholdRow& row);

/// id, updated_by, updated_at and version stay as in an empty row.
ThresholdRow row_of(const Rule& rule);

/// The rules that a collector may use, and a line for each row that it may not: one wrong row does
/// not cost the others.
struct UsableRules {
  std::vector<CheckedRule> rules;
  std::vector<std::string> refused;  ///< For the log: which row, what is wrong.
};
UsableRules usable_rules(std::span<const ThresholdRow> rows, const Plant& plant);

}  // namespace wl::alarm
