// Open buckets, blocks of closed ones, and the rows behind the SQL views.
#include <bit>

#include "base/check.hpp"
#include "storage/mysql/mysql_tables.hpp"

namespace wl::storage::mysql {
namespace {

constexpr Upsert put_open_row{"open_rollups", "point_id, body", 2, "body = VALUES(body)"};
constexpr Upsert append_hot_minute{"hot_minutes", "segment, minute, body", 3,
                                   "body = CONCAT(body, VALUES(body))"};
constexpr Upsert put_device_minute{
    "device_minutes", "minute, device_id, power_kw, energy_kwh, status", 5,
    "power_kw = VALUES(power_kw), energy_kwh = VALUES(energy_kwh), status = VALUES(status)"};
constexpr Upsert put_production_minute{
    "production_minutes", "minute, product_count, reject_count, runtime_seconds, downtime_seconds",
    5,
    "product_count = VALUES(product_count), reject_count = VALUES(reject_count), "
    "runtime_seconds = VALUES(runtime_seconds), downtime_seconds = VALUES(downtime_seconds)"};

/// Each tier has its table. The texts are written out: SQL is never put together from values.
struct BlockTable {
  Upsert put;
  const char* range;
  const char* before;
  const char* at;  ///< Followed by a list of question marks.
  const char* drop;
};

constexpr BlockTable block_table(Tier tier) {
#define WL_BLOCK_TABLE(name)                                                                    \
  BlockTable{                                                                                   \
      {name, "start, point_id, body", 3, "body = VALUES(body)"},                                \
      "SELECT point_id, start, body FROM " name                                                 \
      " FORCE INDEX (by_point) WHERE point_id = ? AND start >= ? AND start < ? ORDER BY start", \
      "SELECT point_id, start, body FROM " name                                                 \
      " FORCE INDEX (by_point) WHERE point_id = ? AND start < ? ORDER BY start DESC LIMIT 1",   \
      "SELECT point_id, start, body FROM " name " WHERE start = ? AND point_id IN ",            \
      "DELETE FROM " name " WHERE start < ? ORDER BY start, point_id LIMIT ?"}
  switch (tier) {
    case Tier::minute:
      return WL_BLOCK_TABLE("minute_blocks");
    case Tier::quarter:
      return WL_BLOCK_TABLE("quarter_blocks");
    case Tier::hour:
      break;
  }
  return WL_BLOCK_TABLE("hour_blocks");
#undef WL_BLOCK_TABLE
}

BlockRow block_of(Tier tier, const Row& row) {
  return {
      .tier = tier, .point = PointRow{row.number(0)}, .start = row.time(1), .body = row.text(2)};
}

}  // namespace

void MysqlTables::put_open(std::span<const OpenRow> rows) {
  std::vector<Parameter> values;
  for (const OpenRow& row : rows) values.insert(values.end(), {row.point, row.body});
  put(put_open_row, values);
}

std::vector<OpenRow> MysqlTables::open_all() {
  std::vector<OpenRow> rows;
  query("SELECT point_id, body FROM open_rollups ORDER BY point_id", {}, [&](const Row& row) {
    rows.push_back({.point = PointRow{row.number(0)}, .body = row.text(1)});
  });
  return rows;
}

std::optional<OpenRow> MysqlTables::open_of(PointRow point) {
  std::optional<OpenRow> found;
  query("SELECT body FROM open_rollups WHERE point_id = ?", {point},
        [&](const Row& row) { found = OpenRow{.point = point, .body = row.text(0)}; });
  return found;
}

void MysqlTables::append_hot_minutes(std::span<const HotMinute> minutes) {
  std::vector<Parameter> values;
  for (const HotMinute& one : minutes)
    values.insert(values.end(), {one.segment, one.minute, one.body});
  put(append_hot_minute, values);
}

std::vector<HotMinute> MysqlTables::hot_minutes(std::uint32_t segment, Timestamp from,
                                                Timestamp to) {
  std::vector<HotMinute> minutes;
  query(
      "SELECT minute, body FROM hot_minutes WHERE segment = ? AND minute >= ? AND minute < ? "
      "ORDER BY minute",
      {segment, from, to}, [&](const Row& row) {
        minutes.push_back({.segment = segment, .minute = row.time(0), .body = row.text(1)});
      });
  return minutes;
}

void MysqlTables::drop_hot_minutes(const HotHour& hour) {
  run("DELETE FROM hot_minutes WHERE segment = ? AND minute >= ? AND minute < ?",
      {hour.segment, hour.hour, hour.hour + block_length(Tier::minute)});
}

void MysqlTables::put_blocks(std::span<const BlockRow> rows) {
  for (const Tier tier : all_tiers) {
    std::vector<Parameter> values;
    for (const BlockRow& row : rows) {
      if (row.tier == tier) values.insert(values.end(), {row.start, row.point, row.body});
    }
    put(block_table(tier).put, values);
  }
}

std::vector<BlockRow> MysqlTables::blocks(Tier tier, PointRow point, Timestamp from, Timestamp to) {
  std::vector<BlockRow> rows;
  query(block_table(tier).range, {point, from, to},
        [&](const Row& row) { rows.push_back(block_of(tier, row)); });
  return rows;
}

std::optional<BlockRow> MysqlTables::block_before(Tier tier, PointRow point, Timestamp start) {
  std::optional<BlockRow> found;
  query(block_table(tier).before, {point, start},
        [&](const Row& row) { found = block_of(tier, row); });
  return found;
}

std::vector<BlockRow> MysqlTables::blocks_at(Tier tier, Timestamp start,
                                             std::span<const PointRow> points) {
  std::vector<BlockRow> rows;
  while (!points.empty()) {
    // As many marks as a power of two, so that few statements stay prepared; repeating a point in
    // IN () changes nothing.
    const auto piece = points.first(std::min(points.size(), max_statement_rows));
    std::vector<Parameter> values{start};
    for (const PointRow point : piece) values.emplace_back(point);
    values.resize(1 + std::bit_ceil(piece.size()), Parameter(piece.front()));
    const std::string sql = block_table(tier).at + question_marks(values.size() - 1);
    on_connection([&](Connection& connection) {
      connection.each(sql, values, [&](const Row& row) { rows.push_back(block_of(tier, row)); });
    });
    points = points.subspan(piece.size());
  }
  return rows;
}

std::size_t MysqlTables::drop_blocks(Tier tier, Timestamp before, std::size_t limit) {
  return run(block_table(tier).drop, {before, limit}).rows;
}

void MysqlTables::put_device_minutes(std::span<const DeviceMinute> rows) {
  std::vector<Parameter> values;
  for (const DeviceMinute& row : rows) {
    values.insert(values.end(), {row.minute, row.device, row.power_kw, row.energy_kwh, row.status});
  }
  put(put_device_minute, values);
}

void MysqlTables::put_production_minutes(std::span<const ProductionMinute> rows) {
  std::vector<Parameter> values;
  for (const ProductionMinute& row : rows) {
    values.insert(values.end(), {row.minute, row.product_count, row.reject_count,
                                 row.runtime_seconds, row.downtime_seconds});
  }
  put(put_production_minute, values);
}

std::size_t MysqlTables::drop_minutes(Timestamp before, std::size_t limit) {
  const std::size_t devices =
      run("DELETE FROM device_minutes WHERE minute < ? ORDER BY minute, device_id LIMIT ?",
          {before, limit})
          .rows;
  if (devices >= limit) return devices;
  return devices + run("DELETE FROM production_minutes WHERE minute < ? ORDER BY minute LIMIT ?",
                       {before, limit - devices})
                       .rows;
}

}  // namespace wl::storage::mysql
