// One INSERT for many rows, prepared for a few fixed numbers of rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "storage/mysql/connection.hpp"

namespace wl::storage::mysql {

/// What every packet stays below, as long as one row does.
inline constexpr std::size_t max_statement_bytes = 8u << 20;
inline constexpr std::size_t max_statement_rows = 256;

/// How many rows go into each statement: powers of two up to max_statement_rows, so that few
/// statements stay prepared, and at most `max_bytes` together unless one row alone is larger.
std::vector<std::size_t> split_rows(std::span<const std::size_t> row_bytes, std::size_t max_bytes);

/// An upsert: a row whose key exists gets the new values.
struct Upsert {
  const char* table;
  const char* columns;  ///< `point_id, ts, value`
  std::size_t column_count;
  const char* on_duplicate;  ///< `ts = VALUES(ts), …`: the form that MariaDB and MySQL 8 both take.
};

/// `(?,?,?,?)`; `count` is 1 or more.
std::string question_marks(std::size_t count);

std::string sql_of(const Upsert& upsert, std::size_t rows);

/// `values` holds the columns of row after row. Throws DatabaseError.
void put_rows(Connection& connection, const Upsert& upsert, std::span<const Parameter> values);

}  // namespace wl::storage::mysql
