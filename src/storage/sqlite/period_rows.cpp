#include "storage/sqlite/period_rows.hpp"

namespace wl::storage {

PeriodRows::PeriodRows(SQLite::Database& database, const std::string& table, Milliseconds length)
    : length_(length),
      put_(database, fmt::format("INSERT INTO {} (id, body) VALUES (?1, ?2) "
                                 "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                                 table)),
      range_(database, fmt::format("SELECT id, body FROM {} WHERE point = ?1 AND id >= ?2 "
                                   "AND id < ?3 ORDER BY id LIMIT ?4",
                                   table)),
      at_(database, fmt::format("SELECT id, body FROM {} WHERE id = ?1", table)),
      before_(database, fmt::format("SELECT id, body FROM {} WHERE point = ?1 AND id < ?2 "
                                    "ORDER BY id DESC LIMIT 1",
                                    table)),
      all_at_(database, fmt::format("SELECT id, body FROM {} WHERE id >= ?1 AND id <= ?2 "
                                    "ORDER BY id LIMIT ?3",
                                    table)),
      oldest_(database, fmt::format("SELECT id FROM {} WHERE id >= ?1 ORDER BY id LIMIT 1", table)),
      drop_(database, fmt::format("DELETE FROM {0} WHERE id IN (SELECT id FROM {0} WHERE id < ?1 "
                                  "ORDER BY id LIMIT ?2)",
                                  table)),
      drop_at_(database, fmt::format("DELETE FROM {} WHERE id = ?1", table)) {}

void PeriodRows::put(PointRow point, Timestamp start, std::string_view body) {
  put_.with(key_of(start, length_, point), Blob{body})->exec();
}

std::vector<PeriodRow> PeriodRows::range(PointRow point, Timestamp from, Timestamp to,
                                         std::size_t limit) {
  return all_of(range_.with(point, first_key_from(from, length_), first_key_from(to, length_),
                            row_limit(limit)));
}

std::optional<PeriodRow> PeriodRows::at(PointRow point, Timestamp start) {
  auto row = at_.with(key_of(start, length_, point));
  if (!row->executeStep()) return std::nullopt;
  return row_of(*row);
}

std::optional<PeriodRow> PeriodRows::before(PointRow point, Timestamp start) {
  auto row = before_.with(point, first_key_from(start, length_));
  if (!row->executeStep()) return std::nullopt;
  return row_of(*row);
}

std::vector<PeriodRow> PeriodRows::all_at(Timestamp start, PointRow first, std::size_t limit) {
  return all_of(all_at_.with(key_of(start, length_, first),
                             key_of(start, length_, PointRow{max_point_row}), row_limit(limit)));
}

std::optional<Timestamp> PeriodRows::oldest(Timestamp from) {
  auto row = oldest_.with(first_key_from(from, length_));
  if (!row->executeStep()) return std::nullopt;
  return start_of_key(row->getColumn(0).getInt64(), length_);
}

std::size_t PeriodRows::drop(Timestamp before, std::size_t limit) {
  return static_cast<std::size_t>(
      drop_.with(first_key_from(before, length_), row_limit(limit))->exec());
}

void PeriodRows::drop_at(Timestamp start, std::span<const PointRow> points) {
  for (const PointRow point : points) drop_at_.with(key_of(start, length_, point))->exec();
}

PeriodRow PeriodRows::row_of(SQLite::Statement& statement) const {
  const std::int64_t key = statement.getColumn(0).getInt64();
  return {.point = point_of_key(key),
          .start = start_of_key(key, length_),
          .body = bytes_of(statement.getColumn(1))};
}

std::vector<PeriodRow> PeriodRows::all_of(Prepared::Use use) const {
  std::vector<PeriodRow> rows;
  while (use->executeStep()) rows.push_back(row_of(*use));
  return rows;
}

}  // namespace wl::storage
