// For tests: what a connection was doing when the power went.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/testing/crash_disk.hpp"

namespace wl::storage {

/// Hears the statements of one connection. Must outlive it.
class CrashWork {
 public:
  void watch(sqlite3* database) {
    sqlite3_trace_v2(
        database, SQLITE_TRACE_STMT,
        [](unsigned, void* self, void*, void* text) {
          static_cast<CrashWork*>(self)->on_statement(static_cast<const char*>(text));
          return 0;
        },
        this);
  }
  /// A database is opened now.
  void on_open() { doing_ = {"opening"}; }

  /// Calls `act` once, when this work begins next.
  void when(std::string work, std::function<void()> act) {
    awaited_ = std::move(work);
    act_ = std::move(act);
  }

  /// Counts the interrupted call under each work that was being done:
  /// "fold: write wattline.db-wal" …
  void count(const DiskLoss& loss, std::map<std::string, int>& counts) const {
    static constexpr const char* names[] = {"open", "read", "write", "truncate", "sync", "remove"};
    for (const std::string& work : doing_) {
      ++counts[work + ": " + names[static_cast<int>(loss.call)] + " " + loss.file];
    }
  }

 private:
  void on_statement(std::string_view text) {
    const auto starts = [text](std::string_view with) { return text.starts_with(with); };
    if (starts("BEGIN IMMEDIATE")) doing_ = {"batch"};
    if (starts("INSERT INTO chunks") || starts("DELETE FROM hot_parts")) instead_of_batch("fold");
    if (starts("DELETE FROM chunks")) instead_of_batch("retention");
    if (starts("DELETE FROM minute_blocks")) instead_of_batch("retention of minutes");
    if (starts("PRAGMA incremental_vacuum")) {
      if (!open_) doing_.clear();
      doing_.insert("vacuum");
    }
    if (starts("PRAGMA wal_checkpoint")) doing_ = {"checkpoint"};
    if (starts("COMMIT") || starts("ROLLBACK")) open_ = false;
    if (starts("BEGIN")) open_ = true;
    if (act_ && doing_.contains(awaited_)) std::exchange(act_, {})();
  }
  void instead_of_batch(const char* work) {
    doing_.erase("batch");
    doing_.insert(work);
  }

  std::set<std::string> doing_;
  std::string awaited_;
  std::function<void()> act_;
  bool open_ = false;  ///< A transaction.
};

}  // namespace wl::storage
