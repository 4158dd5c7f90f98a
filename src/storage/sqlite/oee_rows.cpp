#include "storage/sqlite/oee_rows.hpp"

#include "storage/oee_columns.hpp"

namespace wl::storage {
namespace {

std::string put_quarter() {
  std::string places = "?1";
  for (std::size_t i = 0; i < oee_columns.size(); ++i) places += ", ?" + std::to_string(i + 2);
  return "INSERT OR REPLACE INTO oee_quarters (start, " + oee_column_names() + ") VALUES (" +
         places + ")";
}

}  // namespace

OeeRows::OeeRows(SQLite::Database& database)
    : put_(database, put_quarter()),
      range_(database, "SELECT start, " + oee_column_names() +
                           " FROM oee_quarters WHERE start >= ?1 AND start < ?2 ORDER BY start"),
      drop_stops_(database, "DELETE FROM oee_stops WHERE start >= ?1"),
      put_stop_(database,
                "INSERT OR REPLACE INTO oee_stops (start, end_ts, element, state, length_ms) "
                "VALUES (?1, ?2, ?3, ?4, ?5)"),
      // Stops are disjoint, so only the last one that starts before ?1 can reach over it.
      stops_(database,
             "SELECT start, end_ts, element, state, length_ms FROM oee_stops WHERE start >= "
             "coalesce((SELECT max(start) FROM oee_stops WHERE start <= ?1), ?1) "
             "AND start < ?2 AND (end_ts IS NULL OR end_ts > ?1) ORDER BY start LIMIT ?3") {}

void OeeRows::put(std::span<const OeeQuarter> quarters) {
  for (const OeeQuarter& quarter : quarters) {
    auto row = put_.with(quarter.start);
    int place = 2;
    for (const OeeColumn& column : oee_columns) row->bind(place++, quarter.sums.*column.member);
    row->exec();
  }
}

std::vector<OeeQuarter> OeeRows::range(Timestamp from, Timestamp to) {
  std::vector<OeeQuarter> found;
  auto rows = range_.with(from, to);
  while (rows->executeStep()) {
    OeeQuarter quarter{.start = time_of(rows->getColumn(0)), .sums = {}};
    int place = 1;
    for (const OeeColumn& column : oee_columns)
      quarter.sums.*column.member = rows->getColumn(place++).getInt64();
    found.push_back(quarter);
  }
  return found;
}

void OeeRows::replace_stops(Timestamp from, std::span<const OeeStop> stops) {
  drop_stops_.with(from)->exec();
  for (const OeeStop& stop : stops) {
    std::optional<std::int64_t> end;
    if (stop.end) end = to_unix_ms(*stop.end);
    put_stop_.with(stop.start, end, static_cast<int>(stop.element), stop.state, stop.length_ms)
        ->exec();
  }
}

std::vector<OeeStop> OeeRows::stops(Timestamp from, Timestamp to, std::size_t limit) {
  std::vector<OeeStop> found;
  auto rows = stops_.with(from, to, row_limit(limit));
  while (rows->executeStep()) {
    OeeStop stop{.start = time_of(rows->getColumn(0)),
                 .end = {},
                 .element = static_cast<OeeElement>(rows->getColumn(2).getInt()),
                 .state = rows->getColumn(3).getString(),
                 .length_ms = rows->getColumn(4).getInt64()};
    if (!rows->getColumn(1).isNull()) stop.end = time_of(rows->getColumn(1));
    found.push_back(std::move(stop));
  }
  return found;
}

}  // namespace wl::storage
