// Retention with an archive: old chunks leave the database a slice at a time, archived first.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/archive/chunk_archive.hpp"
#include "storage/historian/ingest.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// Goes through the old hours in order, and through an hour in the order of its points. Where it
/// stands is in memory only: after a restart it begins with the oldest chunk that is there.
///
/// A chunk is dropped only after the archive has it on disk. After a crash in between, it is
/// archived a second time, which readers of the archive join; after a mere failure of the database
/// it is not.
///
/// A chunk that does not decode, or whose point has no name, is told as an error once and stays in
/// the database: nobody could read it in the archive. The others do not wait for it.
class RawArchiving {
 public:
  /// Both must outlive it.
  RawArchiving(Tables& tables, Ingest& ingest) : tables_(tables), ingest_(ingest) {}

  /// One slice of hours before `before`: some milliseconds. `more` is false when there is none
  /// left; the next call begins anew. The error of the archive, which then kept nothing: nothing
  /// was removed. Throws DatabaseError, of damaged chunks after the sound ones are removed.
  Result<UpkeepReport> step(Timestamp before, ChunkArchive& archive);

 private:
  struct Slice {
    std::vector<ChunkRow> sound;
    std::vector<std::pair<PointRow, Error>> damaged;
    PointRow next;  ///< Where the hour goes on.
    bool ends_hour = false;
  };

  Slice read_slice();
  void read_keys_of(const std::vector<ChunkRow>& rows);
  Result<void> put_into(ChunkArchive& archive, const std::vector<ChunkRow>& chunks);
  void drop(const std::vector<ChunkRow>& chunks);
  void go_on_behind(const Slice& slice);
  void begin_anew();
  void tell_once(const std::vector<std::pair<PointRow, Error>>& damaged, Timestamp hour);

  Tables& tables_;
  Ingest& ingest_;
  Timestamp hour_ = Timestamp::min();  ///< Where it stands.
  PointRow first_{0};                  ///< The next point of it.
  std::map<std::uint32_t, std::string> keys_;
  /// What the archive has and the database perhaps still has, because dropping it failed.
  std::vector<ChunkRow> archived_;
  std::set<std::pair<Timestamp, std::uint32_t>> told_;  ///< Damaged chunks, that stay.
};

}  // namespace wl::storage
