// GET /api/devices/{id}/history with format=csv: all rows of the range, piece by piece.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "web/api/bucket_page.hpp"
#include "web/api/history_page.hpp"

namespace wl::web {

/// One piece of an export.
struct CsvPiece {
  std::string text;  ///< May be empty in a long gap.
  bool last = false;
};

/// Reads an export from its beginning to its end, a page of the store at a time. Belongs to the
/// thread that owns the store.
class CsvReader {
 public:
  virtual ~CsvReader() = default;
  virtual Result<CsvPiece> read(storage::Store& store) = 0;
};

enum class RowSpan {
  page,    ///< What page and page_size say.
  window,  ///< All rows.
};
/// Held rows of the query's window.
std::unique_ptr<CsvReader> read_rows(const Plant& plant, HistoryQuery query, RowSpan span);
/// Buckets of the whole range, each once.
std::unique_ptr<CsvReader> read_buckets(const Plant& plant, BucketQuery query);

}  // namespace wl::web
