#include "storage/sqlite/sample_rows.hpp"

namespace wl::storage {

SampleRows::SampleRows(SQLite::Database& database)
    : put_hot_(database,
               "INSERT INTO hot_parts (hour, segment, batch, body) VALUES (?1, ?2, ?3, ?4) "
               "ON CONFLICT (hour, segment, batch) DO UPDATE SET body = excluded.body"),
      hot_(database,
           "SELECT batch, body FROM hot_parts WHERE hour = ?1 AND segment = ?2 ORDER BY batch"),
      next_hour_(database, "SELECT hour FROM hot_parts WHERE hour >= ?1 ORDER BY hour LIMIT 1"),
      next_pair_(database,
                 "SELECT hour, segment FROM hot_parts WHERE (hour, segment) > (?1, ?2) "
                 "ORDER BY hour, segment LIMIT 1"),
      drop_hot_(database, "DELETE FROM hot_parts WHERE hour = ?1 AND segment = ?2"),
      put_latest_(database,
                  "INSERT INTO latest (point_id, ts, value, quality) VALUES (?1, ?2, ?3, ?4) "
                  "ON CONFLICT (point_id) DO UPDATE SET ts = excluded.ts, value = excluded.value, "
                  "quality = excluded.quality"),
      latest_(database, "SELECT point_id, ts, value, quality FROM latest ORDER BY point_id") {}

void SampleRows::put_hot(std::span<const HotPart> parts) {
  for (const HotPart& part : parts) {
    put_hot_.with(part.hour, part.segment, part.batch, Blob{part.body})->exec();
  }
}

std::vector<HotPart> SampleRows::hot(std::uint32_t segment, Timestamp from, Timestamp to) {
  std::vector<HotPart> parts;
  auto hour = next_hour(from);
  while (hour && *hour < to) {  // As many rounds as there are hours not yet folded.
    auto rows = hot_.with(*hour, segment);
    while (rows->executeStep()) {
      parts.push_back({.segment = segment,
                       .hour = *hour,
                       .batch = rows->getColumn(0).getInt64(),
                       .body = bytes_of(rows->getColumn(1))});
    }
    hour = next_hour(*hour + Milliseconds{1});
  }
  return parts;
}

std::vector<HotHour> SampleRows::hot_hours(Timestamp before, std::size_t limit) {
  std::vector<HotHour> found;
  HotHour last{.segment = 0, .hour = Timestamp::min()};
  std::int64_t segment = -1;
  while (found.size() < limit) {
    auto row = next_pair_.with(last.hour, segment);
    if (!row->executeStep()) break;
    last = {.segment = row->getColumn(1).getUInt(), .hour = time_of(row->getColumn(0))};
    if (last.hour >= before) break;
    segment = last.segment;
    found.push_back(last);
  }
  return found;
}

void SampleRows::drop_hot(const HotHour& hour) {
  drop_hot_.with(hour.hour, hour.segment)->exec();
}

std::optional<Timestamp> SampleRows::next_hour(Timestamp from) {
  auto row = next_hour_.with(from);
  if (!row->executeStep()) return std::nullopt;
  return time_of(row->getColumn(0));
}

void SampleRows::put_latest(std::span<const LatestRow> rows) {
  for (const LatestRow& row : rows) {
    put_latest_.with(row.point, row.source_time, row.value, row.quality)->exec();
  }
}

std::vector<LatestRow> SampleRows::latest() {
  std::vector<LatestRow> found;
  auto rows = latest_.with();
  while (rows->executeStep()) {
    found.push_back({.point = PointRow{rows->getColumn(0).getUInt()},
                     .source_time = time_of(rows->getColumn(1)),
                     .value = rows->getColumn(2).getDouble(),
                     .quality = rows->getColumn(3).getUInt()});
  }
  return found;
}

}  // namespace wl::storage
