// Store and forward: batches wait on disk until the database has them.
//
//   collector: append() … sync() → acknowledge what is durable
//   writer:    read() → database → release()
//
// Promises, at every power cut, kill, full disk and input/output error:
//   - what sync() has made durable is read, in order, until it is released;
//   - nothing is read that was not appended, nor before it is durable;
//   - what is lost nevertheless (the spool was full, bytes decayed, a file was taken away) is told
//     as a range of seqs with its cause, again at every open() until a later record is released;
//   - damaged bytes are moved to `quarantine/` and named; nothing is emptied in silence.
//
// Exactly once is the database's part: it stores a (source, seq) once. The spool hands a record out
// again after a crash if its release was not on disk yet: release() is made durable by the next
// sync() at the latest.
//
// A caller takes the next seq above both last_seq() and the last one of its source in the database:
// the spool cannot know a number whose record is gone from the disk.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "storage/spool/files.hpp"
#include "storage/spool/release_mark.hpp"
#include "storage/spool/segment_reader.hpp"

namespace wl::storage::spool {

/// What to do when the disk refuses to read, or has no room for open() to write the last segment
/// again (16 MB).
enum class Unreadable {
  refuse,  ///< An error (`unavailable`); try again later. A cable may be loose.
  skip,    ///< Go on without: unreadable bytes are taken for damaged and told as lost.
};

struct SpoolOptions {
  /// DATA_CACHE_SIZE: the segments together. At least 64 KiB. Above it the oldest is dropped.
  std::uint64_t capacity_bytes = 256'000'000;
  /// A segment is closed at this size (an eighth of the capacity at most; 1 GiB at most).
  std::uint64_t segment_bytes = 16u << 20;
  /// What may wait for sync(), 32 bytes a record added; append() refuses above it. An eighth of
  /// the capacity at most.
  std::size_t pending_bytes = 16u << 20;
  Unreadable unreadable = Unreadable::refuse;  ///< For open().
};

struct SpoolRecord {
  std::uint64_t seq = 0;
  std::string bytes;
};

/// Records that will never be read: a gap to be recorded. Numbers in the range that were never
/// used, and records of it that the database has already, are possible; no other one is lost.
struct SpoolLoss {
  enum class Cause {
    full,     ///< Dropped because capacity_bytes was used up.
    damaged,  ///< The bytes on the disk are not what was written, or a file is missing.
  };
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  Cause cause = Cause::full;
};

/// One sentence for the log and the alarm: file, place, reason, where the bytes are now.
struct SpoolDamage {
  std::string file;
  std::string quarantined_as;  ///< Empty: could not be moved, the bytes are where they were.
  std::string what;
};

struct SpoolState {
  std::uint64_t bytes = 0;  ///< Of all segments.
  std::size_t segments = 0;
  std::uint64_t durable_seq = 0;
  std::uint64_t released_seq = 0;
  std::uint64_t lost_seqs = 0;  ///< Width of all losses since open().
  std::size_t pending_bytes = 0;
};

/// One thread owns it; `files` outlives it. Every call may block on the disk.
class Spool {
 public:
  /// Reads the headers and the ends; only segments that were not closed are read wholly, so that
  /// 1 GB opens within two seconds. Refuses with
  ///   `conflict`     a segment of a newer version (nothing was touched),
  ///   `unavailable`  the disk does not answer or is full (see Unreadable),
  ///   `invalid_argument`  the options.
  /// Files that are not the spool's stay as they are; take_damages() names one that has the name
  /// of a segment.
  static Result<std::unique_ptr<Spool>> open(SpoolFiles& files, SpoolOptions options);

  /// Keeps a record for the next sync(); writes nothing. `seq` must be above last_seq(), the record
  /// hold 1 byte to 16 MiB and fit into pending_bytes (`invalid_argument`). `unavailable` when
  /// pending_bytes is used up: the disk has been refusing for long; the record is not kept.
  Result<void> append(std::uint64_t seq, std::string_view bytes);

  /// Writes what is pending in one piece and syncs it. Returns the seq up to which everything is
  /// durable: acknowledge up to there and no further. After an error nothing was gained; the
  /// records stay pending and the next call tries again, on another segment.
  Result<std::uint64_t> sync();

  /// The next durable records in order, of about `max_bytes` (at least one). Empty: no more now.
  Result<std::vector<SpoolRecord>> read(std::size_t max_bytes,
                                        Unreadable unreadable = Unreadable::refuse);
  /// The newest durable record that is not released; nothing when there is none. Reads the segment
  /// that holds it from its beginning, and does not move read().
  Result<std::optional<SpoolRecord>> newest();
  /// The next read() begins at the oldest record that is not released: the database failed.
  void rewind();

  /// The database has every record up to `seq`. Removes segments that are done with; an error
  /// of that is told, the release counts nevertheless and is tried again by sync().
  /// `invalid_argument` above the last durable seq.
  Result<void> release(std::uint64_t seq);

  /// What was lost, what was damaged since the last call; ask after open(), sync() and read().
  std::vector<SpoolLoss> take_losses();
  std::vector<SpoolDamage> take_damages();

  /// The newest seq that this spool has seen, pending ones included.
  std::uint64_t last_seq() const { return last_seq_; }
  SpoolState state() const;

 private:
  struct Segment {
    std::uint64_t number = 0;
    std::uint64_t after_seq = 0;
    std::uint64_t end = header_bytes;   ///< Where the records end that count.
    std::uint64_t size = header_bytes;  ///< Of the file, which may hold more.
    std::uint64_t last_seq = 0;         ///< after_seq when there is no record.
  };
  struct Pending {
    std::uint64_t seq = 0;
    std::string bytes;
  };

  Spool(SpoolFiles& files, SpoolOptions options) : files_(files), options_(options), mark_(files) {}

  // recover.cpp
  Result<void> recover();
  Result<void> find_segments(std::vector<SpoolFiles::Entry>& damaged);
  void set_aside_headless(const std::vector<SpoolFiles::Entry>& damaged);
  Result<HeaderState> look_at(const SpoolFiles::Entry& entry, Segment& segment);
  Result<void> load_mark();
  void forget_what_is_done();
  Result<void> measure(std::size_t index);
  Result<void> settle_last();
  Result<void> renew_last();
  void tell_holes();

  // damage.cpp
  void set_aside_file(const std::string& name, std::string_view why);
  void set_tail_aside(std::size_t index, const SegmentReader::Step& step);
  Result<std::string> copy_to_quarantine(const Segment& segment, std::uint64_t offset);
  Result<std::string> free_quarantine_name(std::string_view stem, std::uint64_t bytes);
  std::uint64_t vouched_for(const Segment& segment, std::uint64_t offset);
  void lose(std::uint64_t after, std::uint64_t last, SpoolLoss::Cause cause);

  // spool.cpp
  Result<void> write_pending();
  Result<void> start_segment();
  void close_active();
  Head seal_of(const Segment& segment) const;
  void abandon_active();
  void make_room(std::uint64_t bytes);
  void drop_oldest();
  Result<void> remove_released();
  Result<bool> read_record(std::vector<SpoolRecord>& into, Unreadable unreadable);
  std::uint64_t bound(std::size_t index) const;
  std::uint64_t bytes() const;

  SpoolFiles& files_;
  SpoolOptions options_;
  ReleaseMark mark_;
  std::vector<Segment> segments_;  ///< Oldest first.
  bool active_ = false;            ///< The last of segments_ takes records.
  std::uint64_t next_number_ = 1;
  std::uint64_t durable_seq_ = 0;
  std::uint64_t last_seq_ = 0;
  std::vector<Pending> pending_;
  std::size_t pending_bytes_ = 0;
  std::optional<SegmentReader> reader_;
  std::uint64_t read_seq_ = 0;  ///< Everything up to here was read or released.
  std::vector<SpoolLoss> losses_;
  std::vector<SpoolDamage> damages_;
  std::uint64_t lost_seqs_ = 0;
};

}  // namespace wl::storage::spool
