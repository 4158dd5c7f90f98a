// Where raw chunks go before retention removes them from the database.
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::storage {

/// A chunk under the key of its point: `conveyor.power_kw`, which outlives every row number.
struct NamedChunk {
  std::string_view key;
  std::string_view body;  ///< A chunk (chunk/chunk.hpp), or several one after the other.
};

/// Keeps chunks outside the database. Upkeep calls it before it removes chunks: `append(hour, some
/// chunks of that hour)`, an hour a slice at a time, and only after success drops these.
///
/// Not thread-safe: it belongs to the thread that does the upkeep.
class ChunkArchive {
 public:
  virtual ~ChunkArchive() = default;

  /// When it returns success, all of `chunks` are on disk (synced). When it fails, none of them
  /// may be removed from the database; call again later with the same or more chunks.
  /// Appending the same hour again (after a crash between this and the removal, or because late
  /// samples made a new chunk of it) is right: a reader joins what it finds of a point and hour,
  /// the newest sample winning where times are equal. `chunks` may be empty.
  ///
  /// `unavailable`: disk full, another process writes the file; `permission`; `corrupt`: the file
  /// there is not an archive. The text names the file and the next step.
  virtual Result<void> append(Timestamp hour, std::span<const NamedChunk> chunks) = 0;
};

}  // namespace wl::storage
