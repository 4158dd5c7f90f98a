#include "web/api/history_stream.hpp"

#include "web/api/history_csv.hpp"

namespace wl::web {
namespace {

/// The header line stands before the first piece only.
class CsvPieces {
 public:
  explicit CsvPieces(const Plant& plant) : plant_(plant) {}

  Result<CsvPiece> of(const std::string& json, bool last) {
    auto text = history_csv(json, plant_, header_);
    if (!text) return std::unexpected(text.error());
    header_ = CsvHeader::without;
    return CsvPiece{std::move(*text), last};
  }
  const Plant& plant() const { return plant_; }

 private:
  const Plant& plant_;
  CsvHeader header_ = CsvHeader::with;
};

class RowReader : public CsvReader {
 public:
  RowReader(const Plant& plant, HistoryQuery query, RowSpan span)
      : pieces_(plant), query_(query), span_(span) {
    if (span_ == RowSpan::page) return;
    query_.page = 1;
    query_.page_size = max_page_size;
  }

  Result<CsvPiece> read(storage::Store& store) override {
    const auto page = history_body(store, pieces_.plant(), query_);
    if (!page) return std::unexpected(page.error());
    query_.window.from = page->last + Milliseconds{1};
    return pieces_.of(page->json, span_ == RowSpan::page || page->total <= max_page_size);
  }

 private:
  CsvPieces pieces_;
  HistoryQuery query_;
  RowSpan span_;
};

class BucketReader : public CsvReader {
 public:
  BucketReader(const Plant& plant, BucketQuery query) : pieces_(plant), query_(std::move(query)) {}

  Result<CsvPiece> read(storage::Store& store) override {
    const auto page = bucket_body(store, pieces_.plant(), next_page(query_));
    if (!page) return std::unexpected(page.error());
    query_.range.from = page->complete_to;
    return pieces_.of(page->json, !query_.interval || query_.range.from >= query_.range.to);
  }

 private:
  CsvPieces pieces_;
  BucketQuery query_;
};

}  // namespace

std::unique_ptr<CsvReader> read_rows(const Plant& plant, HistoryQuery query, RowSpan span) {
  return std::make_unique<RowReader>(plant, query, span);
}

std::unique_ptr<CsvReader> read_buckets(const Plant& plant, BucketQuery query) {
  return std::make_unique<BucketReader>(plant, std::move(query));
}

}  // namespace wl::web
