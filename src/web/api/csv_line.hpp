// A line of a CSV file, cell by cell.
#pragma once

#include <string>
#include <string_view>

#include "storage/transfer/csv.hpp"
#include "web/http/message.hpp"

namespace wl::web {

/// Joins cells to a line.
class CsvLine {
 public:
  /// A cell that needs no quotes: a number, a time.
  CsvLine& add(std::string cell) {
    text_ += (first_ ? "" : ",") + std::move(cell);
    first_ = false;
    return *this;
  }
  /// Quoted where it must be, never a formula.
  CsvLine& text(std::string_view cell) { return add(storage::csv_text(cell)); }
  std::string take() { return std::move(text_) + "\r\n"; }

 private:
  std::string text_;
  bool first_ = true;
};

/// A file for download.
inline Response csv_response(std::string text, std::string_view file_name) {
  Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.headers = {
      {"Content-Disposition", "attachment; filename=\"" + std::string(file_name) + "\""}};
  response.body = std::move(text);
  return response;
}

}  // namespace wl::web
