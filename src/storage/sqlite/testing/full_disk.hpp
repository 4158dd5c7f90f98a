// For tests: real files on a disk that gets full.
#pragma once

#include <sqlite3.h>

#include <map>
#include <string>

namespace wl::storage {

/// While it lives, new connections write to real files as ever, save those whose path has `part` in
/// it: these take `bytes` more and then answer that the disk is full. One at a time; one thread.
class FullDisk {
 public:
  FullDisk(std::string part, std::int64_t bytes) {
    original_ = sqlite3_vfs_find(nullptr);
    vfs_ = *original_;
    vfs_.zName = "wl-full-disk";
    vfs_.xOpen = open;
    part_ = std::move(part);
    left_ = bytes;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FullDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(original_, 1);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

  static void free_some(std::int64_t bytes) { left_ += bytes; }

 private:
  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    const int result = original_->xOpen(vfs, name, file, flags, out);
    const bool watched = name != nullptr && std::string(name).find(part_) != std::string::npos;
    if (result != SQLITE_OK || !watched) return result;
    sqlite3_io_methods& methods = methods_[file->pMethods];  // Another one for the -wal file.
    methods = *file->pMethods;
    real_write_ = methods.xWrite;
    methods.xWrite = write;
    file->pMethods = &methods;
    return result;
  }
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (left_ < size) return SQLITE_FULL;
    left_ -= size;
    return real_write_(file, bytes, size, offset);
  }

  // SQLite's callbacks carry no word of ours.
  static inline sqlite3_vfs* original_ = nullptr;
  static inline int (*real_write_)(sqlite3_file*, const void*, int, sqlite3_int64) = nullptr;
  static inline std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods_;
  static inline std::string part_;
  static inline std::int64_t left_ = 0;

  sqlite3_vfs vfs_{};
};

}  // namespace wl::storage
