// Store and forward in four designs, asked the same: keep records on disk, hand them on, forget.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "collector/record.hpp"
#include "model/plant.hpp"

namespace wl::bench {

/// Throws when a disk or a database refuses. One thread uses it.
class Queue {
 public:
  virtual ~Queue() = default;
  virtual std::string_view name() const = 0;
  /// On disk, synced, when it returns.
  virtual void keep(const collector::Record& record) = 0;
  /// Reads all that is kept, in order, and forgets it, synced. Returns how many samples.
  virtual std::size_t forward() = 0;
  /// Of the files as they are now.
  virtual std::uint64_t bytes() const = 0;
};

/// collector::StoreAndForward: the codec, the spool, batches of 50,000 samples.
std::unique_ptr<Queue> make_spool_queue(const Plant& plant, const std::filesystem::path& folder);

enum class SqliteRow {
  sample,  ///< A row a sample: the buffers that are a table of a small database.
  record,  ///< A row a record, its samples packed: the least that SQLite can do.
};
/// A table in SQLite, write-ahead log, synchronous=FULL; a record is one transaction.
std::unique_ptr<Queue> make_sqlite_queue(SqliteRow row, const std::filesystem::path& folder);

/// Packed samples appended to a file and synced, without a checksum; forgotten by truncation.
std::unique_ptr<Queue> make_file_queue(const std::filesystem::path& folder);

}  // namespace wl::bench
