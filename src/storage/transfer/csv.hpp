// History as CSV: RFC 4180, UTF-8, a header line, UTC times in ISO 8601. Pure functions.
//
//   time,point,value,quality,unit
//   2026-11-22T12:00:00.000Z,conveyor.power_kw,0.95,good,kW
//   2026-11-22T12:00:00.000Z,wattline.link,1,,
//
// quality: good, uncertain, bad, or the OPC UA StatusCode (0x80310000) where it says more. A link
// record has 1 (alive), 0 (gap, its cause in `unit`) or -1 (not known). A text that a spreadsheet
// would take for a formula gets an apostrophe in front, which reading takes away.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "storage/transfer/record.hpp"

namespace wl::storage {

inline constexpr std::string_view csv_header = "time,point,value,quality,unit\n";

/// One line with its end.
std::string csv_line(const Record& record, std::string_view unit);

/// A text field: quoted where it must be, never a formula.
std::string csv_text(std::string_view text);

/// The shortest text that reads back as the same double: 0.1, 1e+300, nan, -inf.
std::string number_text(double value);

/// Reads lines by the columns that the header names, in any order; time, point and value must be
/// there. Other columns are ignored.
class CsvReader {
 public:
  /// The header line, without its end; a byte order mark in front is welcome.
  static Result<CsvReader> open(std::string_view header);

  /// One line without its end. The error is for a person and does not name the line.
  Result<Record> read(std::string_view line) const;

 private:
  std::size_t columns_ = 0;
  std::size_t time_ = 0;
  std::size_t point_ = 0;
  std::size_t value_ = 0;
  std::optional<std::size_t> quality_;
  std::optional<std::size_t> unit_;
};

}  // namespace wl::storage
