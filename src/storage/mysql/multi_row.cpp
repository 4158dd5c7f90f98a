#include "storage/mysql/multi_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/check.hpp"

namespace wl::storage::mysql {
namespace {

/// Head of the packet and the SQL stay far below this.
constexpr std::size_t packet_overhead = 64u << 10;

std::size_t bytes_of(std::span<const Parameter> row) {
  std::size_t sum = 0;
  for (const Parameter& value : row) sum += value.size();
  return sum;
}

}  // namespace

std::vector<std::size_t> split_rows(std::span<const std::size_t> row_bytes, std::size_t max_bytes) {
  std::vector<std::size_t> counts;
  while (!row_bytes.empty()) {
    const std::size_t allowed = std::min(row_bytes.size(), max_statement_rows);
    std::size_t rows = 0;
    for (std::size_t sum = 0; rows < allowed; ++rows) {
      sum += row_bytes[rows];
      if (sum > max_bytes) break;
    }
    counts.push_back(std::bit_floor(std::max<std::size_t>(rows, 1)));
    row_bytes = row_bytes.subspan(counts.back());
  }
  return counts;
}

std::string question_marks(std::size_t count) {
  std::string marks = "(?";
  for (std::size_t i = 1; i < count; ++i) marks += ",?";
  return marks + ')';
}

std::string sql_of(const Upsert& upsert, std::size_t rows) {
  std::string row = "(?";
  for (std::size_t i = 1; i < upsert.column_count; ++i) row += ",?";
  row += ')';
  std::string sql = fmt::format("INSERT INTO {} ({}) VALUES {}", upsert.table, upsert.columns, row);
  for (std::size_t i = 1; i < rows; ++i) sql += ',' + row;
  return sql + " ON DUPLICATE KEY UPDATE " + upsert.on_duplicate;
}

void put_rows(Connection& connection, const Upsert& upsert, std::span<const Parameter> values) {
  WL_CHECK(values.size() % upsert.column_count == 0);
  const std::size_t packet = connection.server().max_packet_bytes - packet_overhead;
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < values.size(); i += upsert.column_count) {
    sizes.push_back(bytes_of(values.subspan(i, upsert.column_count)));
    if (sizes.back() > packet) {
      throw DatabaseError(
          {Errc::unavailable,
           fmt::format("a row of {} bytes for the table {} does not fit into max_allowed_packet = "
                       "{} of the server {}: SET GLOBAL max_allowed_packet = 67108864 there",
                       sizes.back(), upsert.table, connection.server().max_packet_bytes,
                       connection.place().host)});
    }
  }
  for (const std::size_t rows : split_rows(sizes, std::min(packet, max_statement_bytes))) {
    const auto piece = values.first(rows * upsert.column_count);
    connection.run(sql_of(upsert, rows), piece);
    values = values.subspan(piece.size());
  }
}

}  // namespace wl::storage::mysql
