// How far the records of a spool were released, on disk.
#pragma once

#include <cstdint>
#include <string>

#include "storage/spool/files.hpp"
#include "storage/spool/frame.hpp"

namespace wl::storage::spool {

/// The file `released.wlspool-mark`: entries are appended, the newest whole one counts, and now and
/// then the file is replaced by one with a single entry. One thread.
class ReleaseMark {
 public:
  static constexpr const char* file = "released.wlspool-mark";

  enum class Loaded {
    found,
    partly,  ///< An entry was torn or decayed; the newest whole one may be too old.
    missing,
    damaged,
  };

  explicit ReleaseMark(SpoolFiles& files) : files_(files) {}

  Result<Loaded> load();
  const Mark& value() const { return mark_; }
  /// In memory; both only grow.
  void release(std::uint64_t seq);
  void drop(std::uint64_t seq);
  bool dirty() const { return dirty_; }
  /// On success the value survives a power cut. Does nothing when it does already.
  Result<void> flush();

 private:
  Result<void> append();
  Result<void> replace();

  SpoolFiles& files_;
  Mark mark_;
  bool dirty_ = true;     ///< Of a new spool, too: the mark stands before the first segment.
  bool appends_ = false;  ///< The file ends with a whole, synced entry.
  std::uint64_t entries_ = 0;
};

}  // namespace wl::storage::spool
