// Puts SQLite onto a CrashDisk.
#pragma once

#include <memory>
#include <string>

#include "storage/sqlite/testing/crash_disk.hpp"

namespace wl::storage {

/// Registers a SQLite VFS of its own name while it lives. All connections over it belong to one
/// thread and are closed before it goes. Locks and the shared memory of the write-ahead log work
/// between its connections; a power loss forgets them. Waiting for a lock takes no time.
class CrashVfs {
 public:
  enum class Use {
    by_name,
    by_all,  ///< Every new connection of the process stands on it while it lives.
  };
  explicit CrashVfs(CrashDisk& disk, Use use = Use::by_name);
  ~CrashVfs();
  CrashVfs(const CrashVfs&) = delete;
  CrashVfs& operator=(const CrashVfs&) = delete;

  /// For SQLite::Database's last argument.
  const std::string& name() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace wl::storage
