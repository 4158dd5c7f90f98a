// The energy ledger and the intervals of proven life.
#include <utility>

#include "storage/mysql/mysql_tables.hpp"

namespace wl::storage::mysql {
namespace {

constexpr Upsert put_energy_row{
    "energy_ledger", "device_id, start, milli_wh, method, covered_ms, uncertain", 6,
    "milli_wh = VALUES(milli_wh), method = VALUES(method), covered_ms = VALUES(covered_ms), "
    "uncertain = VALUES(uncertain)"};
constexpr Upsert put_energy_day{"energy_days", "device_id, day, body", 3, "body = VALUES(body)"};
constexpr Upsert put_event{
    "meter_events", "at, device_id, kind, revision, `before`, `after`, voided", 7,
    "`before` = VALUES(`before`), `after` = VALUES(`after`), voided = VALUES(voided)"};

LinkInterval link_of(const Row& row) {
  return {
      .from = row.time(0), .to = row.time(1), .alive = row.integer(2) != 0, .cause = row.text(3)};
}

}  // namespace

void MysqlTables::put_energy(std::span<const EnergyRow> rows) {
  std::vector<Parameter> values;
  for (const EnergyRow& row : rows) {
    values.insert(values.end(),
                  {row.device, row.start, row.milli_wh, int{std::to_underlying(row.method)},
                   row.covered_ms, int{row.uncertain}});
  }
  put(put_energy_row, values);
}

std::vector<EnergyRow> MysqlTables::energy(DeviceRow device, Timestamp from, Timestamp to) {
  std::vector<EnergyRow> rows;
  query(
      "SELECT start, milli_wh, method, covered_ms, uncertain FROM energy_ledger "
      "WHERE device_id = ? AND start >= ? AND start < ? ORDER BY start",
      {device, from, to}, [&](const Row& row) {
        rows.push_back({.device = device,
                        .start = row.time(0),
                        .milli_wh = row.integer(1),
                        .method = static_cast<EnergyMethod>(row.integer(2)),
                        .covered_ms = static_cast<std::int32_t>(row.integer(3)),
                        .uncertain = row.integer(4) != 0});
      });
  return rows;
}

void MysqlTables::put_energy_days(std::span<const EnergyDayRow> rows) {
  std::vector<Parameter> values;
  for (const EnergyDayRow& row : rows) {
    values.insert(values.end(), {row.device, row.day, row.body});
  }
  put(put_energy_day, values);
}

std::vector<EnergyDayRow> MysqlTables::energy_days(DeviceRow device, Timestamp from, Timestamp to) {
  std::vector<EnergyDayRow> rows;
  query(
      "SELECT day, body FROM energy_days WHERE device_id = ? AND day >= ? AND day < ? "
      "ORDER BY day",
      {device, from, to}, [&](const Row& row) {
        rows.push_back({.device = device, .day = row.time(0), .body = row.text(1)});
      });
  return rows;
}

void MysqlTables::put_events(std::span<const EventRow> rows) {
  std::vector<Parameter> values;
  for (const EventRow& row : rows) {
    values.insert(values.end(),
                  {row.at, row.device, int{std::to_underlying(row.kind)}, row.revision, row.before,
                   row.after, int{std::to_underlying(row.voided)}});
  }
  put(put_event, values);
}

std::vector<EventRow> MysqlTables::events(Timestamp from, Timestamp to, std::size_t limit) {
  std::vector<EventRow> rows;
  query(
      "SELECT device_id, kind, at, `before`, `after`, revision, voided FROM meter_events "
      "WHERE at >= ? AND at < ? ORDER BY at, device_id, kind, revision LIMIT ?",
      {from, to, limit}, [&](const Row& row) {
        rows.push_back({.device = DeviceRow{row.number(0)},
                        .kind = static_cast<MeterEventKind>(row.integer(1)),
                        .at = row.time(2),
                        .before = row.integer(3),
                        .after = row.integer(4),
                        .revision = row.number(5),
                        .voided = static_cast<MeterEventKind>(row.integer(6))});
      });
  return rows;
}

void MysqlTables::put_link(const LinkInterval& interval) {
  run("INSERT INTO link_intervals (from_ts, to_ts, alive, cause) VALUES (?, ?, ?, ?) "
      "ON DUPLICATE KEY UPDATE to_ts = VALUES(to_ts), alive = VALUES(alive), cause = VALUES(cause)",
      {interval.from, interval.to, int{interval.alive}, interval.cause});
}

void MysqlTables::remove_link(Timestamp from) {
  run("DELETE FROM link_intervals WHERE from_ts = ?", {from});
}

std::optional<LinkInterval> MysqlTables::one_link(std::string_view sql, Timestamp at) {
  std::optional<LinkInterval> found;
  query(sql, {at}, [&](const Row& row) { found = link_of(row); });
  return found;
}

std::optional<LinkInterval> MysqlTables::link_at_or_before(Timestamp at) {
  return one_link(
      "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts <= ? "
      "ORDER BY from_ts DESC LIMIT 1",
      at);
}

std::optional<LinkInterval> MysqlTables::link_after(Timestamp at) {
  return one_link(
      "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts > ? "
      "ORDER BY from_ts LIMIT 1",
      at);
}

std::vector<LinkInterval> MysqlTables::links(Timestamp from, Timestamp to) {
  std::vector<LinkInterval> intervals;
  // Intervals are disjoint, so only the last one that starts before `from` can reach over it.
  query(
      "SELECT from_ts, to_ts, alive, cause FROM link_intervals WHERE from_ts >= "
      "COALESCE((SELECT MAX(from_ts) FROM link_intervals WHERE from_ts <= ?), ?) "
      "AND from_ts < ? AND to_ts > ? ORDER BY from_ts",
      {from, from, to, from}, [&](const Row& row) { intervals.push_back(link_of(row)); });
  return intervals;
}

std::optional<Timestamp> MysqlTables::links_end() {
  std::optional<Timestamp> end;
  query("SELECT to_ts FROM link_intervals ORDER BY from_ts DESC LIMIT 1", {},
        [&](const Row& row) { end = row.time(0); });
  return end;
}

}  // namespace wl::storage::mysql
