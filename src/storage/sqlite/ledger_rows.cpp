#include "storage/sqlite/ledger_rows.hpp"

namespace wl::storage {
namespace {

LinkInterval interval_of(SQLite::Statement& row) {
  return {.from = time_of(row.getColumn(0)),
          .to = time_of(row.getColumn(1)),
          .alive = row.getColumn(2).getInt() != 0,
          .cause = row.getColumn(3).getString()};
}

std::optional<LinkInterval> one_interval(Prepared::Use row) {
  if (!row->executeStep()) return std::nullopt;
  return interval_of(*row);
}

}  // namespace

EnergyRows::EnergyRows(SQLite::Database& database)
    : put_(database,
           "INSERT INTO energy_ledger (device_id, start, milli_wh, method, covered_ms, uncertain) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (device_id, start) DO UPDATE SET "
           "milli_wh = excluded.milli_wh, method = excluded.method, "
           "covered_ms = excluded.covered_ms, uncertain = excluded.uncertain"),
      range_(database,
             "SELECT start, milli_wh, method, covered_ms, uncertain FROM energy_ledger "
             "WHERE device_id = ?1 AND start >= ?2 AND start < ?3 ORDER BY start"),
      put_day_(database,
               "INSERT INTO energy_days (device_id, day, body) VALUES (?1, ?2, ?3) "
               "ON CONFLICT (device_id, day) DO UPDATE SET body = excluded.body"),
      days_(database,
            "SELECT day, body FROM energy_days WHERE device_id = ?1 AND day >= ?2 AND day < ?3 "
            "ORDER BY day"),
      put_event_(database,
                 "INSERT INTO meter_events "
                 "(at, device_id, kind, revision, before, after, voided) "
                 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                 "ON CONFLICT (at, device_id, kind, revision) DO UPDATE SET "
                 "before = excluded.before, after = excluded.after, voided = excluded.voided"),
      events_(database,
              "SELECT at, device_id, kind, revision, before, after, voided FROM meter_events "
              "WHERE at >= ?1 AND at < ?2 ORDER BY at, device_id, kind, revision LIMIT ?3") {}

void EnergyRows::put(std::span<const EnergyRow> rows) {
  for (const EnergyRow& row : rows) {
    put_.with(row.device, row.start, row.milli_wh, static_cast<int>(row.method), row.covered_ms,
              row.uncertain ? 1 : 0)
        ->exec();
  }
}

std::vector<EnergyRow> EnergyRows::range(DeviceRow device, Timestamp from, Timestamp to) {
  std::vector<EnergyRow> found;
  auto rows = range_.with(device, from, to);
  while (rows->executeStep()) {
    found.push_back({.device = device,
                     .start = time_of(rows->getColumn(0)),
                     .milli_wh = rows->getColumn(1).getInt64(),
                     .method = static_cast<EnergyMethod>(rows->getColumn(2).getInt()),
                     .covered_ms = rows->getColumn(3).getInt(),
                     .uncertain = rows->getColumn(4).getInt() != 0});
  }
  return found;
}

void EnergyRows::put_days(std::span<const EnergyDayRow> rows) {
  for (const EnergyDayRow& row : rows) put_day_.with(row.device, row.day, Blob{row.body})->exec();
}

std::vector<EnergyDayRow> EnergyRows::days(DeviceRow device, Timestamp from, Timestamp to) {
  std::vector<EnergyDayRow> found;
  auto rows = days_.with(device, from, to);
  while (rows->executeStep()) {
    found.push_back({device, time_of(rows->getColumn(0)), bytes_of(rows->getColumn(1))});
  }
  return found;
}

void EnergyRows::put_events(std::span<const EventRow> rows) {
  for (const EventRow& row : rows) {
    put_event_
        .with(row.at, row.device, static_cast<int>(row.kind), row.revision, row.before, row.after,
              static_cast<int>(row.voided))
        ->exec();
  }
}

std::vector<EventRow> EnergyRows::events(Timestamp from, Timestamp to, std::size_t limit) {
  std::vector<EventRow> found;
  auto rows = events_.with(from, to, row_limit(limit));
  while (rows->executeStep()) {
    found.push_back({.device = DeviceRow{rows->getColumn(1).getUInt()},
                     .kind = static_cast<MeterEventKind>(rows->getColumn(2).getInt()),
                     .at = time_of(rows->getColumn(0)),
                     .before = rows->getColumn(4).getInt64(),
                     .after = rows->getColumn(5).getInt64(),
                     .revision = rows->getColumn(3).getUInt(),
                     .voided = static_cast<MeterEventKind>(rows->getColumn(6).getInt())});
  }
  return found;
}

LinkRows::LinkRows(SQLite::Database& database)
    : put_(database,
           "INSERT INTO link_intervals (from_ts, to_ts, alive, cause) VALUES (?1, ?2, ?3, ?4) "
           "ON CONFLICT (from_ts) DO UPDATE SET to_ts = excluded.to_ts, alive = excluded.alive, "
           "cause = excluded.cause"),
      remove_(database, "DELETE FROM link_intervals WHERE from_ts = ?1"),
      at_or_before_(database,
                    "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts <= ?1 "
                    "ORDER BY from_ts DESC LIMIT 1"),
      after_(database,
             "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts > ?1 "
             "ORDER BY from_ts LIMIT 1"),
      // Intervals are disjoint, so only the last one that starts before ?1 can reach over it.
      touching_(database,
                "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts >= "
                "coalesce((SELECT max(from_ts) FROM link_intervals WHERE from_ts <= ?1), ?1) "
                "AND from_ts < ?2 AND to_ts > ?1 ORDER BY from_ts"),
      end_(database, "SELECT to_ts FROM link_intervals ORDER BY from_ts DESC LIMIT 1") {}

void LinkRows::put(const LinkInterval& interval) {
  put_.with(interval.from, interval.to, interval.alive ? 1 : 0, interval.cause)->exec();
}

void LinkRows::remove(Timestamp from) {
  remove_.with(from)->exec();
}

std::optional<LinkInterval> LinkRows::at_or_before(Timestamp at) {
  return one_interval(at_or_before_.with(at));
}

std::optional<LinkInterval> LinkRows::after(Timestamp at) {
  return one_interval(after_.with(at));
}

std::vector<LinkInterval> LinkRows::touching(Timestamp from, Timestamp to) {
  std::vector<LinkInterval> found;
  auto rows = touching_.with(from, to);
  while (rows->executeStep()) found.push_back(interval_of(*rows));
  return found;
}

std::optional<Timestamp> LinkRows::end() {
  auto row = end_.with();
  if (!row->executeStep()) return std::nullopt;
  return time_of(row->getColumn(0));
}

}  // namespace wl::storage
