#include "storage/sqlite/rollup_rows.hpp"

#include <algorithm>

namespace wl::storage {
namespace {

/// Minutes so far from 1970 take 37 bits with their sign.
constexpr Milliseconds farthest = std::chrono::years{100'000};
constexpr std::int64_t minutes_a_segment = std::int64_t{1} << 38;
constexpr Milliseconds one_minute = bucket_length(Tier::minute);

/// Keys of hot_minutes ascend with the segment and, inside one, with the minute.
std::int64_t minute_key(std::uint32_t segment, Timestamp at) {
  const Timestamp inside = std::clamp(at, Timestamp{-farthest}, Timestamp{farthest});
  const std::int64_t minute = floor_to(inside, one_minute).time_since_epoch() / one_minute;
  const bool between = floor_to(inside, one_minute) < inside;
  return segment * minutes_a_segment + minutes_a_segment / 2 + minute + (between ? 1 : 0);
}

Timestamp minute_of_key(std::int64_t key) {
  return Timestamp{one_minute * (key % minutes_a_segment - minutes_a_segment / 2)};
}

}  // namespace

RollupRows::RollupRows(SQLite::Database& database)
    : put_open_(database,
                "INSERT INTO open_rollups (point_id, body) VALUES (?1, ?2) "
                "ON CONFLICT (point_id) DO UPDATE SET body = excluded.body"),
      open_all_(database, "SELECT point_id, body FROM open_rollups ORDER BY point_id"),
      open_of_(database, "SELECT point_id, body FROM open_rollups WHERE point_id = ?1"),
      append_hot_minute_(database,
                         "INSERT INTO hot_minutes (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO "
                         "UPDATE SET body = CAST(body || excluded.body AS BLOB)"),
      hot_minutes_(database,
                   "SELECT id, body FROM hot_minutes WHERE id >= ?1 AND id < ?2 ORDER BY id"),
      drop_hot_minutes_(database, "DELETE FROM hot_minutes WHERE id >= ?1 AND id < ?2"),
      minutes_(database, "minute_blocks", block_length(Tier::minute)),
      quarters_(database, "quarter_blocks", block_length(Tier::quarter)),
      hours_(database, "hour_blocks", block_length(Tier::hour)),
      put_device_minute_(
          database,
          "INSERT INTO device_minutes (minute, device_id, power_kw, energy_kwh, status) "
          "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (minute, device_id) DO UPDATE SET "
          "power_kw = excluded.power_kw, energy_kwh = excluded.energy_kwh, "
          "status = excluded.status"),
      put_production_minute_(
          database,
          "INSERT INTO production_minutes (minute, product_count, reject_count, "
          "runtime_seconds, downtime_seconds) VALUES (?1, ?2, ?3, ?4, ?5) "
          "ON CONFLICT (minute) DO UPDATE SET product_count = excluded.product_count, "
          "reject_count = excluded.reject_count, runtime_seconds = excluded.runtime_seconds, "
          "downtime_seconds = excluded.downtime_seconds"),
      drop_device_minutes_(
          database,
          "DELETE FROM device_minutes WHERE (minute, device_id) IN (SELECT minute, device_id "
          "FROM device_minutes WHERE minute < ?1 ORDER BY minute LIMIT ?2)"),
      drop_production_minutes_(
          database,
          "DELETE FROM production_minutes WHERE minute IN (SELECT minute "
          "FROM production_minutes WHERE minute < ?1 ORDER BY minute LIMIT ?2)") {}

void RollupRows::put_open(std::span<const OpenRow> rows) {
  for (const OpenRow& row : rows) put_open_.with(row.point, Blob{row.body})->exec();
}

std::vector<OpenRow> RollupRows::open_all() {
  std::vector<OpenRow> found;
  auto rows = open_all_.with();
  while (rows->executeStep()) {
    found.push_back({PointRow{rows->getColumn(0).getUInt()}, bytes_of(rows->getColumn(1))});
  }
  return found;
}

std::optional<OpenRow> RollupRows::open_of(PointRow point) {
  auto row = open_of_.with(point);
  if (!row->executeStep()) return std::nullopt;
  return OpenRow{point, bytes_of(row->getColumn(1))};
}

void RollupRows::append_hot_minutes(std::span<const HotMinute> minutes) {
  for (const HotMinute& one : minutes)
    append_hot_minute_.with(minute_key(one.segment, one.minute), Blob{one.body})->exec();
}

std::vector<HotMinute> RollupRows::hot_minutes(std::uint32_t segment, Timestamp from,
                                               Timestamp to) {
  std::vector<HotMinute> found;
  auto rows = hot_minutes_.with(minute_key(segment, from), minute_key(segment, to));
  while (rows->executeStep()) {
    found.push_back({.segment = segment,
                     .minute = minute_of_key(rows->getColumn(0).getInt64()),
                     .body = bytes_of(rows->getColumn(1))});
  }
  return found;
}

void RollupRows::drop_hot_minutes(const HotHour& hour) {
  const Timestamp end = hour.hour + block_length(Tier::minute);
  drop_hot_minutes_.with(minute_key(hour.segment, hour.hour), minute_key(hour.segment, end))
      ->exec();
}

PeriodRows& RollupRows::of(Tier tier) {
  switch (tier) {
    case Tier::minute:
      return minutes_;
    case Tier::quarter:
      return quarters_;
    case Tier::hour:
      break;
  }
  return hours_;
}

void RollupRows::put_device_minutes(std::span<const DeviceMinute> rows) {
  for (const DeviceMinute& row : rows) {
    put_device_minute_.with(row.minute, row.device, row.power_kw, row.energy_kwh, row.status)
        ->exec();
  }
}

void RollupRows::put_production_minutes(std::span<const ProductionMinute> rows) {
  for (const ProductionMinute& row : rows) {
    put_production_minute_
        .with(row.minute, row.product_count, row.reject_count, row.runtime_seconds,
              row.downtime_seconds)
        ->exec();
  }
}

std::size_t RollupRows::drop_minutes(Timestamp before, std::size_t limit) {
  const auto devices = drop_device_minutes_.with(before, row_limit(limit))->exec();
  const auto production = drop_production_minutes_.with(before, row_limit(limit))->exec();
  return static_cast<std::size_t>(devices) + static_cast<std::size_t>(production);
}

}  // namespace wl::storage
