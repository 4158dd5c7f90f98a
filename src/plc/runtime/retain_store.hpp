// VAR RETAIN on the disk: after kill -9 or a power cut the old values or the new ones, never torn.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <semaphore>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "plc/codegen/native_program.hpp"
#include "plc/runtime/retain_image.hpp"
#include "plc/runtime/retain_rotation.hpp"

namespace wl::plc {

/// How a start found its retain data.
struct RestoreOutcome {
  enum class Kind {
    fresh,     ///< Nothing was stored: the first start.
    restored,  ///< The same layout: all values are back.
    migrated,  ///< The program has changed: `report` says what was kept and what was not.
    lost       ///< Files were there, but none was whole; they were moved aside.
  };
  Kind kind = Kind::fresh;
  RestoreReport report;
  std::vector<std::string> problems;  ///< Damaged files and why, a line each.

  /// Writes what happened to the log: loudly when something was lost.
  void log(const std::filesystem::path& directory) const;
};

/// Files `retain-0.img` … `retain-3.img` under one directory, written in turn (RetainRotation).
/// save() writes to the page cache, which survives kill -9; a thread of the store brings the
/// newest file to the disk at most once a second, and close() the last one.
///
/// open(), restore() and close() belong to one thread, save() to the scan thread between them.
class RetainStore {
 public:
  static constexpr std::chrono::nanoseconds sync_interval = std::chrono::seconds(1);

  /// Makes the directory and the files (with their space, so that a full disk is met here), and
  /// takes the lock of the directory. `conflict` names the process that has it; `permission` and
  /// `unavailable` name the path.
  static Result<std::unique_ptr<RetainStore>> open(const std::filesystem::path& directory,
                                                   std::span<const Symbol> symbols);
  ~RetainStore();
  RetainStore(const RetainStore&) = delete;
  RetainStore& operator=(const RetainStore&) = delete;

  /// Copies the newest whole image into the state. Call it once, before the first scan. When the
  /// program changed so that values are dropped, the image stays as `before-program-change.img`.
  RestoreOutcome restore(std::span<std::byte> state);

  /// Between two scans, before the scan is published: writes the values when one has changed. Never
  /// waits for the disk itself. False when the write failed; the next call tries again. `now` is
  /// monotonic and only paces the syncs.
  bool save(std::span<const std::byte> state, std::chrono::nanoseconds now);

  /// Writes nothing more; returns when the last image is on the disk.
  Result<void> close();

  /// Empty while all goes well, else what failed last, for status and log. Any thread.
  std::string trouble() const;

 private:
  class File;
  struct Loaded;

  RetainStore(std::filesystem::path directory, std::span<const Symbol> symbols);
  Result<void> open_files();
  Loaded load_newest(RestoreOutcome& outcome);
  void move_aside(RestoreOutcome& outcome);
  void keep_copy(std::size_t file, RestoreOutcome& outcome);
  void pace_sync(std::chrono::nanoseconds now);
  void sync_loop();

  const std::filesystem::path directory_;
  const std::vector<Symbol> symbols_;
  RetainImage image_;
  RetainRotation rotation_{std::nullopt};
  std::unique_ptr<File> lock_;
  std::array<std::unique_ptr<File>, RetainRotation::count> files_;
  std::uint64_t sequence_ = 0;
  bool unsaved_ = false;  ///< A write failed: the file does not hold the captured values.
  std::chrono::nanoseconds last_sync_{};

  enum class SyncState : int { idle, requested, done, failed };
  std::atomic<SyncState> sync_state_ = SyncState::idle;
  std::atomic<std::size_t> sync_file_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> write_errno_ = 0;
  std::atomic<int> sync_errno_ = 0;
  std::counting_semaphore<> wake_{0};
  std::thread thread_;
};

}  // namespace wl::plc
