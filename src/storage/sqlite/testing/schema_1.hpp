// For tests: a file as the first release left it.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <string>

#include "storage/rollup/bucket.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/scratch_database.hpp"

namespace wl::storage {

inline Timestamp minute_of_schema_1(std::int64_t minute) {
  return floor_to(at(0), std::chrono::hours{1}) + std::chrono::minutes{minute};
}

/// Points 0 and 3 are those of make_schema_1().
inline Plant plant_of_schema_1() {
  Plant plant = small_plant();
  plant.devices.push_back({.id = "gone", .name = {}, .description = {}, .type = {}});
  plant.points.push_back(point_spec("gone", "power_kw", 2));
  return plant;
}

/// Three hours of two points, one of which left plant.json: in minute m, for 180 minutes, the first
/// is m / 10; for 70 minutes the second is -m.
inline void make_schema_1(const std::string& path) {
  SQLite::Database old(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  old.exec("PRAGMA journal_mode = WAL");
  old.exec(std::string(sqlite_migrations().front().sql));
  old.exec(
      "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
      "INSERT INTO schema_version VALUES (1, '0001_first_tables');"
      "INSERT INTO devices VALUES (1, 'conveyor'), (2, 'gone');"
      "INSERT INTO points VALUES (1, 1, 'conveyor.power_kw', 'kW'), (2, 2, 'gone.power_kw', '');"
      "INSERT INTO ingest_batch VALUES ('spool', 41, 5), ('spool', 42, 5)");
  SQLite::Statement put(old, "INSERT INTO samples VALUES (?, ?, ?, 0)");
  const auto put_row = [&](int point, std::int64_t minute, double value) {
    put.reset();
    put.bind(1, point);
    put.bind(2, to_unix_ms(minute_of_schema_1(minute)));
    put.bind(3, value);
    put.exec();
  };
  for (std::int64_t minute = 0; minute < 180; ++minute) {
    put_row(1, minute, static_cast<double>(minute) / 10);
    if (minute < 70) put_row(2, minute, -static_cast<double>(minute));
  }
  old.exec(
      "INSERT INTO latest SELECT point_id, max(ts), value, quality FROM samples GROUP BY 1;"
      "INSERT INTO link_intervals SELECT min(ts), max(ts), 1, '' FROM samples");
}

}  // namespace wl::storage
