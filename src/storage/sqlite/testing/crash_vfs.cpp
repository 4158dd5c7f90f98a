#include "storage/sqlite/testing/crash_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string_view>
#include <vector>

namespace wl::storage {

namespace {

constexpr int lock_slots = SQLITE_SHM_NLOCK;

struct Handle;

/// What the connections to one file share.
struct Shared {
  std::set<Handle*> handles;
  std::vector<std::unique_ptr<char[]>> regions;
};

/// SQLite allocates it as raw bytes: `own` makes and destroys what C++ owns.
struct Handle {
  sqlite3_file base;  // First, as SQLite wants it.
  struct Own;
  Own* own;
};

}  // namespace

struct CrashVfs::State {
  explicit State(CrashDisk& a_disk) : disk(a_disk) {}

  CrashDisk& disk;
  sqlite3_vfs vfs{};
  std::string name;
  std::map<CrashDisk::File*, Shared> shared;
  std::mt19937_64 random{1};
  int temporary_files = 0;
};

namespace {

struct Handle::Own {
  CrashDisk& disk;
  CrashDisk::File* file;
  Shared& shared;
  std::string temporary;  ///< Name of a file to remove at the end; empty for others.
  int lock = SQLITE_LOCK_NONE;
  std::array<bool, lock_slots> shm_shared{};
  std::array<bool, lock_slots> shm_exclusive{};
};

Handle& of(sqlite3_file* file) {
  return *reinterpret_cast<Handle*>(file);
}

int code(DiskAnswer answer, int io_error) {
  switch (answer) {
    case DiskAnswer::ok:
      return SQLITE_OK;
    case DiskAnswer::short_read:
      return SQLITE_IOERR_SHORT_READ;
    case DiskAnswer::full:
      return SQLITE_FULL;
    case DiskAnswer::io_error:
      break;
  }
  return io_error;
}

int close(sqlite3_file* file) {
  Handle& handle = of(file);
  handle.own->shared.handles.erase(&handle);
  if (handle.own->shared.handles.empty()) handle.own->shared.regions.clear();
  --handle.own->file->opened;
  if (!handle.own->temporary.empty()) handle.own->disk.remove(handle.own->temporary, true);
  delete handle.own;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  auto& own = *of(file).own;
  return code(own.disk.read(*own.file, static_cast<std::size_t>(offset),
                            static_cast<std::size_t>(size), static_cast<char*>(to)),
              SQLITE_IOERR_READ);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  auto& own = *of(file).own;
  const std::string_view view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return code(own.disk.write(*own.file, static_cast<std::size_t>(offset), view),
              SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  auto& own = *of(file).own;
  return code(own.disk.truncate(*own.file, static_cast<std::size_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
  auto& own = *of(file).own;
  return code(own.disk.sync(*own.file), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(file).own->file->now.size());
  return SQLITE_OK;
}

/// The highest lock that another connection holds.
int others_lock(Handle& handle) {
  int highest = SQLITE_LOCK_NONE;
  for (const Handle* other : handle.own->shared.handles) {
    if (other != &handle) highest = std::max(highest, other->own->lock);
  }
  return highest;
}

int lock(sqlite3_file* file, int level) {
  Handle& handle = of(file);
  const int others = others_lock(handle);
  const int limit = level == SQLITE_LOCK_EXCLUSIVE  ? SQLITE_LOCK_NONE
                    : level == SQLITE_LOCK_RESERVED ? SQLITE_LOCK_SHARED
                                                    : SQLITE_LOCK_RESERVED;
  if (others > limit) return SQLITE_BUSY;
  handle.own->lock = std::max(handle.own->lock, level);
  return SQLITE_OK;
}

int unlock(sqlite3_file* file, int level) {
  of(file).own->lock = std::min(of(file).own->lock, level);
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* reserved) {
  *reserved = others_lock(of(file)) >= SQLITE_LOCK_RESERVED ? 1 : 0;
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
  return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
  return static_cast<int>(CrashDisk::sector);
}

int characteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;  // What SQLite takes for granted on Linux.
}

int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** address) {
  auto& regions = of(file).own->shared.regions;
  const auto index = static_cast<std::size_t>(region);
  *address = nullptr;
  if (index >= regions.size() && extend == 0) return SQLITE_OK;
  while (regions.size() <= index) {
    regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *address = regions[index].get();
  return SQLITE_OK;
}

bool held_by_another(Handle& handle, std::size_t slot, bool exclusive_only) {
  return std::ranges::any_of(handle.own->shared.handles, [&](const Handle* other) {
    if (other == &handle) return false;
    return other->own->shm_exclusive[slot] || (!exclusive_only && other->own->shm_shared[slot]);
  });
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  Handle& handle = of(file);
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  const bool locks = (flags & SQLITE_SHM_LOCK) != 0;
  const auto first = static_cast<std::size_t>(offset);
  const auto end = first + static_cast<std::size_t>(count);
  for (std::size_t slot = first; slot < end; ++slot) {
    if (locks && held_by_another(handle, slot, !exclusive)) return SQLITE_BUSY;
  }
  for (std::size_t slot = first; slot < end; ++slot) {
    (exclusive ? handle.own->shm_exclusive : handle.own->shm_shared)[slot] = locks;
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* file, int) {
  Handle& handle = of(file);
  handle.own->shm_shared = {};
  handle.own->shm_exclusive = {};
  return SQLITE_OK;
}

constexpr sqlite3_io_methods file_methods{2,
                                          close,
                                          read,
                                          write,
                                          truncate,
                                          sync,
                                          file_size,
                                          lock,
                                          unlock,
                                          check_reserved,
                                          file_control,
                                          sector_size,
                                          characteristics,
                                          shm_map,
                                          shm_lock,
                                          shm_barrier,
                                          shm_unmap,
                                          nullptr,
                                          nullptr};

}  // namespace

namespace {

CrashVfs::State& state_of(sqlite3_vfs* vfs) {
  return *static_cast<CrashVfs::State*>(vfs->pAppData);
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  auto& state = state_of(vfs);
  file->pMethods = nullptr;
  const std::string temporary =
      name == nullptr ? "temporary-" + std::to_string(++state.temporary_files) : "";
  const std::string path = name == nullptr ? temporary : name;
  CrashDisk::File* opened = state.disk.open(path, (flags & SQLITE_OPEN_CREATE) != 0);
  if (opened == nullptr) return SQLITE_CANTOPEN;
  Handle& handle = of(file);
  handle.own = new Handle::Own{state.disk, opened, state.shared[opened], temporary};
  handle.own->shared.handles.insert(&handle);
  file->pMethods = &file_methods;
  if (flags_out != nullptr) *flags_out = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
  auto& disk = state_of(vfs).disk;
  if (!disk.exists(name)) return SQLITE_IOERR_DELETE_NOENT;
  return code(disk.remove(name, sync_directory != 0), SQLITE_IOERR_DELETE);
}

int access(sqlite3_vfs* vfs, const char* name, int, int* answer) {
  *answer = state_of(vfs).disk.exists(name) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  return sqlite3_snprintf(size, out, "%s", name) != nullptr ? SQLITE_OK : SQLITE_CANTOPEN;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
  auto& random = state_of(vfs).random;
  std::generate_n(out, size, [&] { return static_cast<char>(random()); });
  return size;
}

int sleep(sqlite3_vfs*, int microseconds) {
  return microseconds;
}

int current_time(sqlite3_vfs*, double* julian_day) {
  *julian_day = 2'460'000.5;
  return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
  return 0;
}

}  // namespace

CrashVfs::CrashVfs(CrashDisk& disk, Use use) : state_(std::make_unique<State>(disk)) {
  static int made = 0;
  state_->name = "wl-crash-" + std::to_string(++made);
  auto& vfs = state_->vfs;
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = 512;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xCurrentTime = current_time;
  vfs.xGetLastError = last_error;
  sqlite3_vfs_register(&vfs, use == Use::by_all ? 1 : 0);
}

CrashVfs::~CrashVfs() {
  sqlite3_vfs_unregister(&state_->vfs);
}

const std::string& CrashVfs::name() const {
  return state_->name;
}

}  // namespace wl::storage
