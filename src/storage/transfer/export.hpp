// wattline export: history out of the store, as a stream of lines.
#pragma once

#include <functional>
#include <optional>

#include "storage/store.hpp"

namespace wl::storage {

enum class TransferFormat { csv, line };

struct ExportQuery {
  TransferFormat format = TransferFormat::csv;
  std::vector<PointId> points;
  std::optional<Timestamp> from;     ///< Nothing: from the first sample and the life around it on.
  std::optional<Timestamp> to;       ///< Exclusive. Nothing: to the end of what is known.
  std::optional<Interval> interval;  ///< Nothing: raw samples and the state of the link.
};

struct ExportReport {
  std::uint64_t lines = 0;
  std::uint64_t left_out = 0;  ///< Samples that the line protocol cannot say: NaN, infinities.
};

/// Gets some lines at a time; an error ends the export.
using TakeLines = std::function<Result<void>(std::string_view lines, Timestamp up_to)>;

/// In the order of time, then of the points. Memory does not grow with the range. Raw samples come
/// with records of the link, so that import_history() gives the same statistics again.
///
/// Statistics: time (start of the bucket), point, count, min, max, mean, first, last, good_share,
/// unit; buckets without a sample and without a held value are left out.
Result<ExportReport> export_history(Store& store, const Plant& plant, const ExportQuery& query,
                                    const TakeLines& take);

}  // namespace wl::storage
