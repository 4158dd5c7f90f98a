// A prepared statement of libmariadb: typed parameters in, typed columns out.
#pragma once

#include <mysql.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/strong_id.hpp"
#include "base/time.hpp"

namespace wl::storage::mysql {

/// A bound value; text is not copied: it must live until the statement has run.
class Parameter {
 public:
  Parameter(std::nullopt_t) {}
  Parameter(std::int64_t value) : value_(value) {}
  Parameter(std::uint64_t value) : value_(value) {}
  Parameter(int value) : value_(std::int64_t{value}) {}
  Parameter(std::uint32_t value) : value_(std::uint64_t{value}) {}
  Parameter(double value) : value_(value) {}
  Parameter(std::string_view value) : value_(value) {}
  Parameter(const std::string& value) : value_(std::string_view(value)) {}
  Parameter(const char* value) : value_(std::string_view(value)) {}
  Parameter(Timestamp value) : value_(to_unix_ms(value)) {}
  template <class Tag>
  Parameter(StrongId<Tag> id) : value_(std::uint64_t{id.value}) {}
  template <class T>
  Parameter(const std::optional<T>& value) {
    if (value) *this = Parameter(*value);
  }

  std::size_t size() const;  ///< Bytes on the wire, about.
  void bind(MYSQL_BIND& to) const;

 private:
  std::variant<std::monostate, std::int64_t, std::uint64_t, double, std::string_view> value_;
};

/// The columns of the row that was just fetched, counted from 0. A NULL reads as 0 or "".
class Row {
 public:
  std::int64_t integer(std::size_t column) const;
  std::uint64_t whole(std::size_t column) const;  ///< Of an UNSIGNED column.
  std::uint32_t number(std::size_t column) const {
    return static_cast<std::uint32_t>(whole(column));
  }
  double real(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  bool null(std::size_t column) const;
  Timestamp time(std::size_t column) const { return from_unix_ms(integer(column)); }

 private:
  friend class Statement;
  struct Cell {
    std::uint64_t bits = 0;  ///< Integer or double, as libmariadb puts it there.
    std::string text;
    unsigned long length = 0;
    my_bool is_null = 0;
    my_bool cut = 0;
    enum_field_types type = MYSQL_TYPE_NULL;
  };
  std::vector<Cell> cells_;
};

/// Owns one MYSQL_STMT. Belongs to its connection and ends before it. Functions return 0 or
/// libmariadb's error number; text() tells it in words.
class Statement {
 public:
  explicit Statement(MYSQL& connection);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  unsigned prepare(std::string_view sql);
  unsigned run(std::span<const Parameter> parameters);
  /// Takes the result of run() row by row; all of it lies in memory before the first call.
  unsigned each(const std::function<void(const Row&)>& take);

  std::uint64_t changed_rows() const { return mysql_stmt_affected_rows(statement_.get()); }
  std::uint64_t insert_id() const { return mysql_stmt_insert_id(statement_.get()); }
  std::string text() const { return mysql_stmt_error(statement_.get()); }

 private:
  struct Close {
    void operator()(MYSQL_STMT* statement) const noexcept { mysql_stmt_close(statement); }
  };

  void bind_columns();
  unsigned fetch_long_texts();
  unsigned error() const;

  std::unique_ptr<MYSQL_STMT, Close> statement_;
  std::vector<MYSQL_BIND> parameters_;
  std::vector<MYSQL_BIND> columns_;
  Row row_;
};

}  // namespace wl::storage::mysql
