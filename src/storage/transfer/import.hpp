// wattline import: lines of another system, or of an export, into the store.
#pragma once

#include <filesystem>
#include <functional>

#include "storage/store.hpp"
#include "storage/transfer/export.hpp"

namespace wl::storage {

/// What is wrong in a file, before anything is written.
struct ImportFindings {
  std::uint64_t lines = 0;
  std::uint64_t samples = 0;
  std::uint64_t bad_lines = 0;
  std::vector<PointId> points;              ///< That have samples in it, by number.
  std::optional<Timestamp> first;           ///< Of the samples.
  std::vector<std::string> reasons;         ///< `file:line: reason`; the first 20.
  std::vector<std::string> unknown_points;  ///< With the nearest known one; each once, 20 at most.
  std::vector<LinkInterval> intervals;      ///< Of the link records; without any, one that covers
                                            ///< all samples: what is imported counts as seen.
};

/// Told now and then; false: stop. A later import of the same file goes on where it stopped.
using ImportProgress = std::function<bool(std::uint64_t bytes, std::uint64_t total)>;

/// Reads the whole file without writing.
Result<ImportFindings> check_import(const std::filesystem::path& file, TransferFormat format,
                                    const Plant& plant, const ImportProgress& progress);

struct ImportRequest {
  std::filesystem::path file;
  TransferFormat format = TransferFormat::csv;
  /// The exactly-once key: made of the file's content and of the points of the plant, so that the
  /// same file counts once, and counts again when plant.json knows more of its points.
  std::string source;
};

struct ImportReport {
  std::uint64_t samples = 0;          ///< Written now.
  std::uint64_t skipped_batches = 0;  ///< Were stored by an earlier import of this file.
};

/// Writes what check_import() found to be right; bad lines and unknown points are left out. The
/// energy ledger is not written: its logic is the collector's. The command computes it afterwards.
/// Precondition: this process is the only writer of samples.
Result<ImportReport> import_history(CollectorStore& store, const Plant& plant,
                                    const ImportRequest& request, const ImportFindings& findings,
                                    const ImportProgress& progress);

}  // namespace wl::storage
