// An answer of /history as CSV: RFC 4180, UTF-8, a header line with units.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/plant.hpp"

namespace wl::web {

/// `body` is the JSON answer about a device, so both forms show the same figures. One line for each
/// element of `data`; a member of a point is the column `power_kw.avg (kW)`; null is empty. Times
/// are those of the plant's clocks, with their offset: 2026-01-01T19:00:00.000+08:00. A text that a
/// spreadsheet would take for a formula gets an apostrophe in front.
///
/// The header line may be left out, for what continues an earlier answer. Memory: that of the
/// answer, which has 2,000 buckets or 1,000 rows at most.
enum class CsvHeader { with, without };
Result<std::string> history_csv(const std::string& body, const Plant& plant,
                                CsvHeader header = CsvHeader::with);

}  // namespace wl::web
