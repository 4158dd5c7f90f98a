#include "storage/sqlite/rollup_rows.hpp"

namespace wl::storage {

RollupRows::RollupRows(SQLite::Database& database)
    : put_open_(database,
                "INSERT INTO open_rollups (point_id, body) VALUES (?1, ?2) "
                "ON CONFLICT (point_id) DO UPDATE SET body = excluded.body"),
      open_all_(database, "SELECT point_id, body FROM open_rollups ORDER BY point_id"),
      open_of_(database, "SELECT point_id, body FROM open_rollups WHERE point_id = ?1"),
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
