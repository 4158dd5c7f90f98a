// Raw samples: hot parts, chunks, latest values.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mysqld_error.h>

#include <bit>

#include "storage/mysql/mysql_tables.hpp"

namespace wl::storage::mysql {
namespace {

constexpr Upsert put_hot_part{"hot_parts", "segment, hour, batch, body", 4, "body = VALUES(body)"};
constexpr Upsert put_chunk{"chunks", "hour, point_id, body", 3, "body = VALUES(body)"};
constexpr Upsert put_latest_row{
    "latest", "point_id, ts, value, quality", 4,
    "ts = VALUES(ts), value = VALUES(value), quality = VALUES(quality)"};

/// The chunk before an hour is nearly always of the same or the day before; a search without a
/// lower end asks every partition.
constexpr std::chrono::hours near_before{48};

ChunkRow chunk_of(const Row& row) {
  return {.point = PointRow{row.number(0)}, .hour = row.time(1), .body = row.text(2)};
}

}  // namespace

void MysqlTables::put(const Upsert& upsert, std::span<const Parameter> values) {
  if (values.empty()) return;
  on_connection([&](Connection& connection) { put_rows(connection, upsert, values); });
}

void MysqlTables::put_hot(std::span<const HotPart> parts) {
  std::vector<Parameter> values;
  for (const HotPart& part : parts) {
    values.insert(values.end(), {part.segment, part.hour, part.batch, part.body});
    partitions_.want(part.hour);  // It will be folded into chunks of that day.
  }
  put(put_hot_part, values);
}

std::vector<HotPart> MysqlTables::hot(std::uint32_t segment, Timestamp from, Timestamp to) {
  std::vector<HotPart> parts;
  query(
      "SELECT hour, batch, body FROM hot_parts WHERE segment = ? AND hour >= ? AND hour < ? "
      "ORDER BY hour, batch",
      {segment, from, to}, [&](const Row& row) {
        parts.push_back({.segment = segment,
                         .hour = row.time(0),
                         .batch = row.integer(1),
                         .body = row.text(2)});
      });
  return parts;
}

std::vector<HotHour> MysqlTables::hot_hours(Timestamp before, std::size_t limit) {
  std::vector<HotHour> hours;
  query(
      "SELECT DISTINCT hour, segment FROM hot_parts FORCE INDEX (hot_by_hour) WHERE hour < ? "
      "ORDER BY hour, segment LIMIT ?",
      {before, limit},
      [&](const Row& row) { hours.push_back({.segment = row.number(1), .hour = row.time(0)}); });
  return hours;
}

void MysqlTables::drop_hot(const HotHour& hour) {
  run("DELETE FROM hot_parts WHERE segment = ? AND hour = ?", {hour.segment, hour.hour});
}

void MysqlTables::put_chunks(std::span<const ChunkRow> chunks) {
  std::vector<Parameter> values;
  for (const ChunkRow& chunk : chunks) {
    values.insert(values.end(), {chunk.hour, chunk.point, chunk.body});
    partitions_.want(chunk.hour);
  }
  put(put_chunk, values);
}

std::vector<ChunkRow> MysqlTables::chunks(PointRow point, Timestamp from, Timestamp to,
                                          std::size_t limit) {
  std::vector<ChunkRow> chunks;
  query(
      "SELECT point_id, hour, body FROM chunks FORCE INDEX (by_point) "
      "WHERE point_id = ? AND hour >= ? AND hour < ? ORDER BY hour LIMIT ?",
      {point, from, to, limit}, [&](const Row& row) { chunks.push_back(chunk_of(row)); });
  return chunks;
}

std::optional<ChunkRow> MysqlTables::chunk_before(PointRow point, Timestamp hour) {
  std::optional<ChunkRow> found;
  const auto take = [&](const Row& row) { found = chunk_of(row); };
  if (hour > Timestamp::min() + near_before) {
    query(
        "SELECT point_id, hour, body FROM chunks FORCE INDEX (by_point) "
        "WHERE point_id = ? AND hour >= ? AND hour < ? ORDER BY hour DESC LIMIT 1",
        {point, hour - near_before, hour}, take);
  }
  if (found) return found;
  query(
      "SELECT point_id, hour, body FROM chunks FORCE INDEX (by_point) "
      "WHERE point_id = ? AND hour < ? ORDER BY hour DESC LIMIT 1",
      {point, hour}, take);
  return found;
}

std::vector<ChunkRow> MysqlTables::chunks_of_hour(Timestamp hour, PointRow first,
                                                  std::size_t limit) {
  std::vector<ChunkRow> chunks;
  query(
      "SELECT point_id, hour, body FROM chunks FORCE INDEX (PRIMARY) "
      "WHERE hour = ? AND point_id >= ? ORDER BY point_id LIMIT ?",
      {hour, first, limit}, [&](const Row& row) { chunks.push_back(chunk_of(row)); });
  return chunks;
}

std::optional<Timestamp> MysqlTables::oldest_chunk_hour(Timestamp from) {
  std::optional<Timestamp> oldest;
  query("SELECT MIN(hour) FROM chunks WHERE hour >= ?", {from}, [&](const Row& row) {
    if (!row.null(0)) oldest = row.time(0);
  });
  return oldest;
}

std::size_t MysqlTables::drop_chunks(Timestamp before, std::size_t limit) {
  std::size_t dropped = 0;
  Timestamp edge = Timestamp::min();
  on_connection([&](Connection& connection) {
    to_drop_.clear();
    dropped = 0;
    // Oldest first, one day at least: a day that is larger than the limit goes in one piece, which
    // is what partitions are for. Empty ones go as well.
    for (const Day bound : read_bounds(connection)) {
      if (start_of(bound) > before || dropped >= limit) break;
      const auto count = connection.rows(
          fmt::format("SELECT COUNT(*) FROM chunks PARTITION ({})", partition_name(bound)));
      dropped += std::stoull(count.at(0).at(0).value_or("0"));
      to_drop_.push_back(bound);
      edge = start_of(bound);
    }
    if (!transaction_) drop_partitions(connection);
  });
  if (dropped >= limit) return dropped;
  return dropped +
         run("DELETE FROM chunks WHERE hour >= ? AND hour < ? ORDER BY hour, point_id LIMIT ?",
             {edge, before, limit - dropped})
             .rows;
}

void MysqlTables::drop_chunks_of_hour(Timestamp hour, std::span<const PointRow> points) {
  while (!points.empty()) {
    const auto piece = points.first(std::min(points.size(), max_statement_rows));
    std::vector<Parameter> values{hour};
    for (const PointRow point : piece) values.emplace_back(point);
    values.resize(1 + std::bit_ceil(piece.size()), Parameter(piece.front()));
    const std::string sql = fmt::format("DELETE FROM chunks WHERE hour = ? AND point_id IN {}",
                                        question_marks(values.size() - 1));
    on_connection([&](Connection& connection) { connection.run(sql, values); });
    points = points.subspan(piece.size());
  }
  emptied_to_ = std::max(emptied_to_.value_or(hour), hour + std::chrono::hours{1});
}

bool MysqlTables::give_back_space() {
  if (transaction_ || !emptied_to_ || !to_drop_.empty()) return false;
  on_connection([&](Connection& connection) {
    to_drop_.clear();
    for (const Day bound : read_bounds(connection)) {
      if (start_of(bound) > *emptied_to_) break;
      const auto rows = connection.rows(
          fmt::format("SELECT 1 FROM chunks PARTITION ({}) LIMIT 1", partition_name(bound)));
      if (rows.empty()) to_drop_.push_back(bound);
    }
    drop_partitions(connection);
    to_drop_.clear();  // Not later: a late chunk may have come into it.
  });
  emptied_to_.reset();
  return false;
}

/// When readers hold the table for longer than a lock may wait, the next write transaction tries
/// again. Any other refusal is left to the next drop_chunks(), which finds the rows again.
void MysqlTables::drop_partitions(Connection& connection) {
  if (to_drop_.empty()) return;
  partitions_.forget();
  std::set<Day> there = read_bounds(connection);
  std::vector<std::string> names;
  for (const Day bound : to_drop_) {
    if (there.contains(bound)) names.push_back(partition_name(bound));
  }
  if (!names.empty()) {
    try {
      connection.command(
          fmt::format("ALTER TABLE chunks DROP PARTITION {}", fmt::join(names, ", ")));
    } catch (const ServerError& refusal) {
      if (refusal.number() == ER_LOCK_WAIT_TIMEOUT) return;
    }
  }
  to_drop_.clear();
}

void MysqlTables::put_latest(std::span<const LatestRow> rows) {
  std::vector<Parameter> values;
  for (const LatestRow& row : rows) {
    values.insert(values.end(), {row.point, row.source_time, row.value, row.quality});
  }
  put(put_latest_row, values);
}

std::vector<LatestRow> MysqlTables::latest() {
  std::vector<LatestRow> rows;
  query("SELECT point_id, ts, value, quality FROM latest ORDER BY point_id", {},
        [&](const Row& row) {
          rows.push_back({.point = PointRow{row.number(0)},
                          .source_time = row.time(1),
                          .value = row.real(2),
                          .quality = row.number(3)});
        });
  return rows;
}

}  // namespace wl::storage::mysql
