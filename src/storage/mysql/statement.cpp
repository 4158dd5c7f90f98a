#include "storage/mysql/statement.hpp"

#include <errmsg.h>

#include <bit>
#include <cstring>
#include <new>

#include "base/check.hpp"

namespace wl::storage::mysql {
namespace {

/// Columns are read as one of three types; libmariadb converts.
enum_field_types read_as(const MYSQL_FIELD& field) {
  switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
      return MYSQL_TYPE_LONGLONG;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      return MYSQL_TYPE_DOUBLE;
    default:
      return MYSQL_TYPE_BLOB;
  }
}

}  // namespace

std::size_t Parameter::size() const {
  const auto* text = std::get_if<std::string_view>(&value_);
  return text ? text->size() + 9 : 9;
}

void Parameter::bind(MYSQL_BIND& to) const {
  to = MYSQL_BIND{};
  // libmariadb reads the buffer while the statement runs and never writes there.
  if (const auto* whole = std::get_if<std::int64_t>(&value_)) {
    to.buffer_type = MYSQL_TYPE_LONGLONG;
    to.buffer = const_cast<std::int64_t*>(whole);
  } else if (const auto* positive = std::get_if<std::uint64_t>(&value_)) {
    to.buffer_type = MYSQL_TYPE_LONGLONG;
    to.buffer = const_cast<std::uint64_t*>(positive);
    to.is_unsigned = 1;
  } else if (const auto* real = std::get_if<double>(&value_)) {
    to.buffer_type = MYSQL_TYPE_DOUBLE;
    to.buffer = const_cast<double*>(real);
  } else if (const auto* text = std::get_if<std::string_view>(&value_)) {
    to.buffer_type = MYSQL_TYPE_BLOB;
    to.buffer = const_cast<char*>(text->data() ? text->data() : "");
    to.buffer_length = text->size();
  } else {
    to.buffer_type = MYSQL_TYPE_NULL;
  }
}

std::int64_t Row::integer(std::size_t column) const {
  WL_CHECK(cells_.at(column).type == MYSQL_TYPE_LONGLONG);
  return cells_[column].is_null ? 0 : static_cast<std::int64_t>(cells_[column].bits);
}

std::uint64_t Row::whole(std::size_t column) const {
  return static_cast<std::uint64_t>(integer(column));
}

double Row::real(std::size_t column) const {
  WL_CHECK(cells_.at(column).type == MYSQL_TYPE_DOUBLE);
  return cells_[column].is_null ? 0 : std::bit_cast<double>(cells_[column].bits);
}

const std::string& Row::text(std::size_t column) const {
  WL_CHECK(cells_.at(column).type == MYSQL_TYPE_BLOB);
  return cells_[column].text;
}

bool Row::null(std::size_t column) const {
  return cells_.at(column).is_null != 0;
}

Statement::Statement(MYSQL& connection) : statement_(mysql_stmt_init(&connection)) {
  if (!statement_) throw std::bad_alloc();
}

unsigned Statement::prepare(std::string_view sql) {
  if (mysql_stmt_prepare(statement_.get(), sql.data(), sql.size()) != 0) return error();
  parameters_.resize(mysql_stmt_param_count(statement_.get()));
  bind_columns();
  return 0;
}

unsigned Statement::run(std::span<const Parameter> parameters) {
  WL_CHECK(parameters.size() == parameters_.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].bind(parameters_[i]);
  if (!parameters_.empty() && mysql_stmt_bind_param(statement_.get(), parameters_.data()) != 0) {
    return error();
  }
  if (mysql_stmt_execute(statement_.get()) != 0) return error();
  return 0;
}

unsigned Statement::each(const std::function<void(const Row&)>& take) {
  if (!columns_.empty() && mysql_stmt_bind_result(statement_.get(), columns_.data()) != 0) {
    return error();
  }
  if (mysql_stmt_store_result(statement_.get()) != 0) return error();
  struct Free {
    MYSQL_STMT* statement;
    ~Free() { mysql_stmt_free_result(statement); }
  } const free{statement_.get()};
  while (true) {  // Ends with the rows.
    const int fetched = mysql_stmt_fetch(statement_.get());
    if (fetched == MYSQL_NO_DATA) return 0;
    if (fetched != 0 && fetched != MYSQL_DATA_TRUNCATED) return error();
    if (const unsigned number = fetch_long_texts(); number != 0) return number;
    take(row_);
  }
}

/// The length of a text is known only when its row is there: it is bound with no room and fetched
/// when the room is made.
void Statement::bind_columns() {
  struct Free {
    void operator()(MYSQL_RES* result) const noexcept { mysql_free_result(result); }
  };
  const std::unique_ptr<MYSQL_RES, Free> shape(mysql_stmt_result_metadata(statement_.get()));
  if (!shape) return;
  const unsigned count = mysql_num_fields(shape.get());
  columns_.assign(count, MYSQL_BIND{});
  row_.cells_.assign(count, Row::Cell{});
  for (unsigned i = 0; i < count; ++i) {
    Row::Cell& cell = row_.cells_[i];
    MYSQL_BIND& bind = columns_[i];
    cell.type = read_as(*mysql_fetch_field_direct(shape.get(), i));
    bind.buffer_type = cell.type;
    bind.is_null = &cell.is_null;
    bind.length = &cell.length;
    bind.error = &cell.cut;
    if (cell.type != MYSQL_TYPE_BLOB) {
      bind.buffer = &cell.bits;
      bind.buffer_length = sizeof cell.bits;
    }
  }
}

unsigned Statement::fetch_long_texts() {
  for (unsigned i = 0; i < row_.cells_.size(); ++i) {
    Row::Cell& cell = row_.cells_[i];
    if (cell.type != MYSQL_TYPE_BLOB) continue;
    cell.text.resize(cell.is_null ? 0 : cell.length);
    if (cell.text.empty()) continue;
    MYSQL_BIND room = columns_[i];
    room.buffer = cell.text.data();
    room.buffer_length = cell.text.size();
    if (mysql_stmt_fetch_column(statement_.get(), &room, i, 0) != 0) return error();
  }
  return 0;
}

unsigned Statement::error() const {
  const unsigned number = mysql_stmt_errno(statement_.get());
  return number != 0 ? number : unsigned{CR_UNKNOWN_ERROR};
}

}  // namespace wl::storage::mysql
