// The OEE of the line: quarter hours and stops.
#include <utility>

#include "storage/mysql/mysql_tables.hpp"
#include "storage/oee_columns.hpp"

namespace wl::storage::mysql {
namespace {

constexpr Upsert put_stop{"oee_stops", "start, end_ts, element, state, length_ms", 5,
                          "end_ts = VALUES(end_ts), element = VALUES(element), "
                          "state = VALUES(state), length_ms = VALUES(length_ms)"};

const std::string& quarter_columns() {
  static const std::string columns = "start, " + oee_column_names();
  return columns;
}

const std::string& new_quarter_values() {
  static const std::string values = [] {
    std::string all;
    for (const OeeColumn& column : oee_columns) {
      const std::string name(column.name);
      all += (all.empty() ? "" : ", ") + name + " = VALUES(" + name + ")";
    }
    return all;
  }();
  return values;
}

OeeStop stop_of(const Row& row) {
  OeeStop stop{.start = row.time(0),
               .end = {},
               .element = static_cast<OeeElement>(row.integer(2)),
               .state = row.text(3),
               .length_ms = row.integer(4)};
  if (!row.null(1)) stop.end = row.time(1);
  return stop;
}

}  // namespace

void MysqlTables::put_oee_quarters(std::span<const OeeQuarter> quarters) {
  const Upsert upsert{"oee_quarters", quarter_columns().c_str(), 1 + oee_columns.size(),
                      new_quarter_values().c_str()};
  std::vector<Parameter> values;
  for (const OeeQuarter& quarter : quarters) {
    values.emplace_back(quarter.start);
    for (const OeeColumn& column : oee_columns) values.emplace_back(quarter.sums.*column.member);
  }
  put(upsert, values);
}

std::vector<OeeQuarter> MysqlTables::oee_quarters(Timestamp from, Timestamp to) {
  static const std::string range = "SELECT " + quarter_columns() +
                                   " FROM oee_quarters WHERE start >= ? AND start < ? "
                                   "ORDER BY start";
  std::vector<OeeQuarter> quarters;
  query(range, {from, to}, [&](const Row& row) {
    OeeQuarter quarter{.start = row.time(0), .sums = {}};
    std::size_t place = 1;
    for (const OeeColumn& column : oee_columns) quarter.sums.*column.member = row.integer(place++);
    quarters.push_back(quarter);
  });
  return quarters;
}

void MysqlTables::replace_oee_stops(Timestamp from, std::span<const OeeStop> stops) {
  run("DELETE FROM oee_stops WHERE start >= ?", {from});
  std::vector<Parameter> values;
  for (const OeeStop& stop : stops) {
    values.insert(values.end(), {stop.start, stop.end, int{std::to_underlying(stop.element)},
                                 stop.state, stop.length_ms});
  }
  put(put_stop, values);
}

std::vector<OeeStop> MysqlTables::oee_stops(Timestamp from, Timestamp to, std::size_t limit) {
  std::vector<OeeStop> stops;
  // Stops are disjoint, so only the last one that starts before `from` can reach over it.
  query(
      "SELECT start, end_ts, element, state, length_ms FROM oee_stops WHERE start >= "
      "COALESCE((SELECT MAX(start) FROM oee_stops WHERE start <= ?), ?) AND start < ? "
      "AND (end_ts IS NULL OR end_ts > ?) ORDER BY start LIMIT ?",
      {from, from, to, from, limit}, [&](const Row& row) { stops.push_back(stop_of(row)); });
  return stops;
}

}  // namespace wl::storage::mysql
