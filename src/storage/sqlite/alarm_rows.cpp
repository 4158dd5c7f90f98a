#include "storage/sqlite/alarm_rows.hpp"

#include <cmath>

#include "storage/alarm_columns.hpp"
#include "storage/tables.hpp"

namespace wl::storage {
namespace {

/// Binds members to the question marks of a statement, in order.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement, int first = 1)
      : statement_(statement), next_(first) {}

  void operator()(std::int64_t value) { statement_.bind(next_++, value); }
  void operator()(std::uint64_t value) { (*this)(static_cast<std::int64_t>(value)); }
  void operator()(std::uint32_t value) { (*this)(std::int64_t{value}); }
  void operator()(bool value) { (*this)(std::int64_t{value}); }
  void operator()(Timestamp value) { (*this)(to_unix_ms(value)); }
  void operator()(Milliseconds value) { (*this)(std::int64_t{value.count()}); }
  void operator()(const std::string& value) { statement_.bind(next_++, value); }
  void operator()(double value) {
    if (std::isfinite(value)) {
      statement_.bind(next_++, value);
    } else {
      statement_.bind(next_++);  // NULL
    }
  }
  template <class T>
  void operator()(const std::optional<T>& value) {
    if (value) return (*this)(*value);
    statement_.bind(next_++);
  }

 private:
  SQLite::Statement& statement_;
  int next_;
};

/// Fills members from the columns of a row, in order.
class Reader {
 public:
  explicit Reader(SQLite::Statement& row) : row_(row) {}

  void operator()(std::int64_t& value) { value = next().getInt64(); }
  void operator()(std::uint64_t& value) { value = static_cast<std::uint64_t>(next().getInt64()); }
  void operator()(std::uint32_t& value) { value = next().getUInt(); }
  void operator()(bool& value) { value = next().getInt() != 0; }
  void operator()(Timestamp& value) { value = time_of(next()); }
  void operator()(Milliseconds& value) { value = Milliseconds{next().getInt64()}; }
  void operator()(std::string& value) { value = next().getString(); }
  void operator()(double& value) {
    const SQLite::Column column = next();
    value = column.isNull() ? std::nan("") : column.getDouble();
  }
  void operator()(std::optional<Timestamp>& value) {
    const SQLite::Column column = next();
    if (!column.isNull()) value = time_of(column);
  }
  void operator()(std::optional<std::uint64_t>& value) {
    const SQLite::Column column = next();
    if (!column.isNull()) value = static_cast<std::uint64_t>(column.getInt64());
  }

 private:
  SQLite::Column next() { return row_.getColumn(next_++); }

  SQLite::Statement& row_;
  int next_ = 0;
};

template <class Row>
Row row_of(SQLite::Statement& statement) {
  Row row;
  each_column(row, Reader(statement));
  return row;
}

template <class Row>
std::vector<Row> rows_of(SQLite::Statement& statement) {
  std::vector<Row> rows;
  while (statement.executeStep()) rows.push_back(row_of<Row>(statement));
  return rows;
}

std::string select(std::span<const std::string_view> columns, std::string_view rest) {
  return fmt::format("SELECT {} FROM {}", names_of(columns), rest);
}

std::string question_marks(std::size_t count) {
  std::string marks = "?";
  for (std::size_t i = 1; i < count; ++i) marks += ", ?";
  return marks;
}

/// `state = excluded.state, …` for all columns but the first, which is the key.
std::string all_excluded(std::span<const std::string_view> columns) {
  std::string text;
  for (const std::string_view column : columns.subspan(1))
    text += fmt::format("{}{} = excluded.{}", text.empty() ? "" : ", ", column, column);
  return text;
}

std::string insert(std::string_view table, std::span<const std::string_view> columns) {
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names_of(columns),
                     question_marks(columns.size()));
}

std::string upsert(std::string_view table, std::span<const std::string_view> columns) {
  return fmt::format("{} ON CONFLICT ({}) DO UPDATE SET {}", insert(table, columns),
                     columns.front(), all_excluded(columns));
}

/// Of the row whose first column is the first value.
std::string update(std::string_view table, std::span<const std::string_view> columns) {
  std::string assignments;
  for (std::size_t i = 1; i < columns.size(); ++i)
    assignments += fmt::format("{}{} = ?{}", i == 1 ? "" : ", ", columns[i], i + 1);
  return fmt::format("UPDATE {} SET {} WHERE {} = ?1", table, assignments, columns.front());
}

void bind_all(SQLite::Statement& statement, const AlarmCondition& condition) {
  Binder bind(statement);
  for (const auto& value : condition.values) std::visit(bind, value);
}

}  // namespace

SqliteAlarmTables::SqliteAlarmTables(SQLite::Database& database, std::string path)
    : database_(database),
      path_(std::move(path)),
      put_alarm_(database, upsert("alarms", alarm_columns)),
      alarm_(database, select(alarm_columns, "alarms WHERE id = ?1")),
      open_alarms_(database, select(alarm_columns, "alarms WHERE " + open_condition() +
                                                       " OR announced_at >= ?1 ORDER BY id")),
      last_alarm_id_(database, "SELECT coalesce(max(id), 0) FROM alarms"),
      drop_alarms_(database,
                   "DELETE FROM alarms WHERE id IN (SELECT id FROM alarms WHERE state = 'normal' "
                   "AND timestamp < ?1 AND coalesce(cleared_at, timestamp) < ?1 "
                   "AND coalesce(acknowledged_at, timestamp) < ?1 "
                   "AND id < (SELECT max(id) FROM alarms) ORDER BY timestamp LIMIT ?2)"),
      append_journal_(
          database,
          fmt::format("INSERT INTO alarm_journal (batch, line, {}) VALUES ({})",
                      names_of(journal_columns), question_marks(journal_columns.size() + 2))),
      journal_(database, select(journal_columns,
                                "alarm_journal WHERE alarm_id = ?1 ORDER BY batch, line LIMIT ?2")),
      drop_journal_(database,
                    "DELETE FROM alarm_journal WHERE (batch, line) IN (SELECT batch, line "
                    "FROM alarm_journal WHERE at < ?1 ORDER BY at LIMIT ?2)"),
      thresholds_(database, select(threshold_columns,
                                   "thresholds ORDER BY device_id, parameter_name, kind, "
                                   "direction, alarm_level")),
      add_threshold_(database, insert("thresholds", std::span(threshold_columns).subspan(1)) +
                                   " RETURNING id"),
      put_threshold_(database, update("thresholds", threshold_columns)),
      drop_threshold_(database, "DELETE FROM thresholds WHERE id = ?1") {}

template <class Work>
auto SqliteAlarmTables::run(std::string_view doing, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    throw DatabaseError(explain(exception, path_, doing));
  }
}

void SqliteAlarmTables::put_alarms(std::span<const AlarmRow> rows) {
  run("write to", [&] {
    for (const AlarmRow& row : rows) {
      auto statement = put_alarm_.with();
      each_column(row, Binder(*statement));
      statement->exec();
    }
  });
}

// The text of a filter differs from call to call: people look a few times a minute.
std::vector<AlarmRow> SqliteAlarmTables::alarms(const AlarmQuery& query) {
  return run("read", [&] {
    const AlarmCondition condition = condition_of(query.filter);
    SQLite::Statement rows(
        database_, select(alarm_columns, "alarms " + condition.sql +
                                             " ORDER BY timestamp DESC, id DESC LIMIT ? OFFSET ?"));
    bind_all(rows, condition);
    const int next = static_cast<int>(condition.values.size()) + 1;
    rows.bind(next, row_limit(query.limit));
    rows.bind(next + 1, row_limit(query.offset));
    return rows_of<AlarmRow>(rows);
  });
}

std::vector<AlarmCount> SqliteAlarmTables::alarm_counts(const AlarmFilter& filter) {
  return run("read", [&] {
    const AlarmCondition condition = condition_of(filter);
    SQLite::Statement rows(database_, "SELECT alarm_level, device_id, count(*) FROM alarms " +
                                          condition.sql + " GROUP BY alarm_level, device_id");
    bind_all(rows, condition);
    std::vector<AlarmCount> counts;
    while (rows.executeStep()) {
      counts.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString(),
                        static_cast<std::uint64_t>(rows.getColumn(2).getInt64())});
    }
    return counts;
  });
}

std::optional<AlarmRow> SqliteAlarmTables::alarm(std::uint64_t id) {
  return run("read", [&]() -> std::optional<AlarmRow> {
    auto row = alarm_.with(static_cast<std::int64_t>(id));
    if (!row->executeStep()) return std::nullopt;
    return row_of<AlarmRow>(*row);
  });
}

std::vector<AlarmRow> SqliteAlarmTables::open_alarms(Timestamp announced_since) {
  return run("read", [&] {
    auto rows = open_alarms_.with(announced_since);
    return rows_of<AlarmRow>(*rows);
  });
}

std::uint64_t SqliteAlarmTables::last_alarm_id() {
  return run("read", [&] {
    auto row = last_alarm_id_.with();
    row->executeStep();
    return static_cast<std::uint64_t>(row->getColumn(0).getInt64());
  });
}

std::size_t SqliteAlarmTables::drop_alarms(Timestamp before, std::size_t limit) {
  return run("write to", [&] {
    return static_cast<std::size_t>(drop_alarms_.with(before, row_limit(limit))->exec());
  });
}

void SqliteAlarmTables::append_journal(std::int64_t batch, std::span<const AlarmJournalRow> rows) {
  run("write to", [&] {
    std::int64_t line = 0;
    for (const AlarmJournalRow& row : rows) {
      auto statement = append_journal_.with(batch, ++line);
      each_column(row, Binder(*statement, 3));
      statement->exec();
    }
  });
}

std::vector<AlarmJournalRow> SqliteAlarmTables::journal(std::uint64_t alarm_id, std::size_t limit) {
  return run("read", [&] {
    auto rows = journal_.with(static_cast<std::int64_t>(alarm_id), row_limit(limit));
    return rows_of<AlarmJournalRow>(*rows);
  });
}

std::size_t SqliteAlarmTables::drop_journal(Timestamp before, std::size_t limit) {
  return run("write to", [&] {
    return static_cast<std::size_t>(drop_journal_.with(before, row_limit(limit))->exec());
  });
}

std::vector<ThresholdRow> SqliteAlarmTables::thresholds() {
  return run("read", [&] {
    auto rows = thresholds_.with();
    return rows_of<ThresholdRow>(*rows);
  });
}

std::int64_t SqliteAlarmTables::add_threshold(const ThresholdRow& row) {
  return run("write to", [&] {
    auto statement = add_threshold_.with();
    Binder bind(*statement);
    bool is_id = true;
    each_column(row, [&](const auto& value) {
      if (!std::exchange(is_id, false)) bind(value);
    });
    statement->executeStep();
    return statement->getColumn(0).getInt64();
  });
}

void SqliteAlarmTables::put_threshold(const ThresholdRow& row) {
  run("write to", [&] {
    auto statement = put_threshold_.with();
    each_column(row, Binder(*statement));
    statement->exec();
  });
}

void SqliteAlarmTables::drop_threshold(std::int64_t id) {
  run("write to", [&] { drop_threshold_.with(id)->exec(); });
}

}  // namespace wl::storage
