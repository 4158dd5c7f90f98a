#include "storage/mysql/alarm_rows.hpp"

#include <fmt/format.h>

#include <cmath>

#include "storage/alarm_columns.hpp"
#include "storage/mysql/mysql_tables.hpp"

namespace wl::storage::mysql {
namespace {

/// Appends members to the values of a statement, in order. The row must outlive them.
class Binder {
 public:
  explicit Binder(std::vector<Parameter>& values) : values_(values) {}

  void operator()(bool value) { values_.emplace_back(int{value}); }
  void operator()(Milliseconds value) { values_.emplace_back(std::int64_t{value.count()}); }
  void operator()(double value) {
    values_.push_back(std::isfinite(value) ? Parameter(value) : Parameter(std::nullopt));
  }
  template <class T>
  void operator()(const T& value) {
    values_.emplace_back(value);
  }

 private:
  std::vector<Parameter>& values_;
};

/// Fills members from the columns of a row, in order.
class Reader {
 public:
  explicit Reader(const Row& row) : row_(row) {}

  void operator()(std::int64_t& value) { value = row_.integer(next_++); }
  void operator()(std::uint64_t& value) { value = row_.whole(next_++); }
  void operator()(std::uint32_t& value) { value = row_.number(next_++); }
  void operator()(bool& value) { value = row_.integer(next_++) != 0; }
  void operator()(Timestamp& value) { value = row_.time(next_++); }
  void operator()(Milliseconds& value) { value = Milliseconds{row_.integer(next_++)}; }
  void operator()(std::string& value) { value = row_.text(next_++); }
  void operator()(double& value) {
    value = row_.null(next_) ? std::nan("") : row_.real(next_);
    ++next_;
  }
  void operator()(std::optional<Timestamp>& value) {
    if (!row_.null(next_)) value = row_.time(next_);
    ++next_;
  }
  void operator()(std::optional<std::uint64_t>& value) {
    if (!row_.null(next_)) value = row_.whole(next_);
    ++next_;
  }

 private:
  const Row& row_;
  std::size_t next_ = 0;
};

/// Collects rows of a query.
template <class T>
std::function<void(const Row&)> into(std::vector<T>& found) {
  return [&found](const Row& row) { each_column(found.emplace_back(), Reader(row)); };
}

std::string select(std::span<const std::string_view> columns, std::string_view rest) {
  return fmt::format("SELECT {} FROM {}", names_of(columns), rest);
}

/// `state = VALUES(state), …`
std::string all_values(std::span<const std::string_view> columns) {
  std::string text;
  for (const std::string_view column : columns)
    text += fmt::format("{}{} = VALUES({})", text.empty() ? "" : ", ", column, column);
  return text;
}

std::vector<Parameter> parameters_of(const AlarmCondition& condition) {
  std::vector<Parameter> parameters;
  for (const auto& value : condition.values)
    std::visit([&](const auto& bound) { parameters.emplace_back(bound); }, value);
  return parameters;
}

/// All columns but the id.
constexpr std::span<const std::string_view> threshold_content =
    std::span(threshold_columns).subspan(1);

std::vector<Parameter> content_of(const ThresholdRow& row) {
  std::vector<Parameter> values;
  each_column(row, Binder(values));
  values.erase(values.begin());
  return values;
}

}  // namespace

void MysqlAlarmTables::put_alarms(std::span<const AlarmRow> rows) {
  static const std::string columns = names_of(alarm_columns);
  static const std::string replaced = all_values(std::span(alarm_columns).subspan(1));
  const Upsert upsert{"alarms", columns.c_str(), alarm_columns.size(), replaced.c_str()};
  std::vector<Parameter> values;
  for (const AlarmRow& row : rows) each_column(row, Binder(values));
  tables_.put(upsert, values);
}

std::vector<AlarmRow> MysqlAlarmTables::alarms(const AlarmQuery& query) {
  const AlarmCondition condition = condition_of(query.filter);
  std::vector<Parameter> parameters = parameters_of(condition);
  parameters.insert(parameters.end(), {query.limit, query.offset});
  std::vector<AlarmRow> found;
  tables_.query(select(alarm_columns, "alarms " + condition.sql +
                                          " ORDER BY timestamp DESC, id DESC LIMIT ? OFFSET ?"),
                parameters, into(found));
  return found;
}

std::vector<AlarmCount> MysqlAlarmTables::alarm_counts(const AlarmFilter& filter) {
  const AlarmCondition condition = condition_of(filter);
  std::vector<AlarmCount> counts;
  tables_.query("SELECT alarm_level, device_id, COUNT(*) FROM alarms " + condition.sql +
                    " GROUP BY alarm_level, device_id",
                parameters_of(condition), [&](const Row& row) {
                  counts.push_back({row.text(0), row.text(1), row.whole(2)});
                });
  return counts;
}

std::optional<AlarmRow> MysqlAlarmTables::alarm(std::uint64_t id) {
  std::vector<AlarmRow> found;
  tables_.query(select(alarm_columns, "alarms WHERE id = ?"), {id}, into(found));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<AlarmRow> MysqlAlarmTables::open_alarms(Timestamp announced_since) {
  std::vector<AlarmRow> found;
  tables_.query(select(alarm_columns,
                       "alarms WHERE " + open_condition() + " OR announced_at >= ? ORDER BY id"),
                {announced_since}, into(found));
  return found;
}

std::uint64_t MysqlAlarmTables::last_alarm_id() {
  std::uint64_t last = 0;
  tables_.query("SELECT id FROM alarms ORDER BY id DESC LIMIT 1", {},
                [&](const Row& row) { last = row.whole(0); });
  return last;
}

std::size_t MysqlAlarmTables::drop_alarms(Timestamp before, std::size_t limit) {
  return tables_
      .run(
          "DELETE FROM alarms WHERE state = 'normal' AND timestamp < ? "
          "AND COALESCE(cleared_at, timestamp) < ? AND COALESCE(acknowledged_at, timestamp) < ? "
          "AND id < ? ORDER BY timestamp LIMIT ?",
          {before, before, before, last_alarm_id(), limit})
      .rows;
}

void MysqlAlarmTables::append_journal(std::int64_t batch, std::span<const AlarmJournalRow> rows) {
  static const std::string columns = "batch, line, " + names_of(journal_columns);
  static const std::string replaced = all_values(journal_columns);
  const Upsert upsert{"alarm_journal", columns.c_str(), journal_columns.size() + 2,
                      replaced.c_str()};
  std::vector<Parameter> values;
  std::int64_t line = 0;
  for (const AlarmJournalRow& row : rows) {
    values.insert(values.end(), {batch, ++line});
    each_column(row, Binder(values));
  }
  tables_.put(upsert, values);
}

std::vector<AlarmJournalRow> MysqlAlarmTables::journal(std::uint64_t alarm_id, std::size_t limit) {
  std::vector<AlarmJournalRow> found;
  tables_.query(
      select(journal_columns, "alarm_journal WHERE alarm_id = ? ORDER BY batch, line LIMIT ?"),
      {alarm_id, limit}, into(found));
  return found;
}

std::size_t MysqlAlarmTables::drop_journal(Timestamp before, std::size_t limit) {
  return tables_.run("DELETE FROM alarm_journal WHERE at < ? ORDER BY at LIMIT ?", {before, limit})
      .rows;
}

std::vector<ThresholdRow> MysqlAlarmTables::thresholds() {
  std::vector<ThresholdRow> found;
  tables_.query(select(threshold_columns,
                       "thresholds ORDER BY device_id, parameter_name, kind, direction, "
                       "alarm_level"),
                {}, into(found));
  return found;
}

std::int64_t MysqlAlarmTables::add_threshold(const ThresholdRow& row) {
  const std::string sql =
      fmt::format("INSERT INTO thresholds ({}) VALUES {}", names_of(threshold_content),
                  question_marks(threshold_content.size()));
  return static_cast<std::int64_t>(tables_.run(sql, content_of(row)).insert_id);
}

void MysqlAlarmTables::put_threshold(const ThresholdRow& row) {
  std::string assignments;
  for (const std::string_view column : threshold_content)
    assignments += fmt::format("{}{} = ?", assignments.empty() ? "" : ", ", column);
  std::vector<Parameter> values = content_of(row);
  values.emplace_back(row.id);
  tables_.run(fmt::format("UPDATE thresholds SET {} WHERE id = ?", assignments), values);
}

void MysqlAlarmTables::drop_threshold(std::int64_t id) {
  tables_.run("DELETE FROM thresholds WHERE id = ?", {id});
}

}  // namespace wl::storage::mysql
