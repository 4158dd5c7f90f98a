// A disk in memory that keeps apart what was synced and what was not, and loses the latter.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wl::storage {

enum class DiskAnswer { ok, short_read, io_error, full };
enum class DiskCall { open, read, write, truncate, sync, remove };

/// A call that a power loss interrupted.
struct DiskLoss {
  DiskCall call = DiskCall::open;
  std::string file;
};

/// Files by name. Reads and writes see what a running system sees; cut_power() and power_on() turn
/// it into what a computer finds after a power loss: each sector (512 bytes) that was written and
/// not synced is there, not there, or torn; the same for sizes, new names and removed names.
///
/// The same seed and calls give the same losses. Not thread-safe.
class CrashDisk {
 public:
  static constexpr std::size_t sector = 512;

  struct File {
    std::string name;
    std::string now;            ///< What reads see.
    bool unsynced_name = true;  ///< Created and never synced.
    int opened = 0;

   private:
    friend class CrashDisk;
    struct Change {
      std::size_t offset = 0;  ///< Of bytes; or the new size of a truncation.
      std::string bytes;
      bool truncation = false;
    };
    std::string durable;
    std::vector<Change> unsynced;
    bool removed = false;
  };

  /// Which calls fault() counts and fails.
  enum class Fault {
    none,
    io_error,  ///< Any read, write, truncation, sync, open or removal.
    full,      ///< Writes and truncations.
  };
  enum class Lasts { once, until_healed };

  explicit CrashDisk(std::uint64_t seed) : random_(seed) {}

  /// Puts a whole, synced file there.
  void put(const std::string& name, std::string content);

  /// All files as a process that was killed leaves them: what reads see, by name.
  std::map<std::string, std::string> content() const;

  bool exists(const std::string& name) const;
  /// Null when it does not exist and is not to be created, or when the call fails.
  File* open(const std::string& name, bool create);
  DiskAnswer read(File& file, std::size_t offset, std::size_t size, char* to);
  DiskAnswer write(File& file, std::size_t offset, std::string_view bytes);
  DiskAnswer truncate(File& file, std::size_t size);
  DiskAnswer sync(File& file);
  DiskAnswer remove(const std::string& name, bool synced);

  /// From the `n`-th write, truncation, sync or removal on (1: the next) nothing reaches the disk
  /// and every call fails, until power_on().
  void cut_power_at(std::uint64_t n) { power_left_ = n; }
  /// The same from the next sync of this file on.
  void cut_power_at_sync_of(std::string file) { fatal_sync_ = std::move(file); }
  bool powered() const { return power_left_ != 0; }
  /// The call that the newest power loss interrupted.
  const DiskLoss& loss() const { return loss_; }
  /// From now on a sync is answered with success and does nothing: a disk that lies, or a program
  /// that forgot it. For tests that show that such a bug is found.
  void drop_syncs() { drops_syncs_ = true; }
  /// Decides what the power loss left. All files must be closed.
  void power_on();

  /// Fails the `n`-th call from now on (1: the next) that `fault` counts. A write to a full disk
  /// leaves its first half. What a sync that failed did not save is not saved by a later one: after
  /// the error Linux takes the pages for clean.
  void fault_at(Fault fault, std::uint64_t n, Lasts lasts);
  void heal() { fault_ = Fault::none; }
  void heal_if_faulted() {
    if (faulted_) heal();
  }
  /// Whether a call was failed since fault_at().
  bool faulted() const { return faulted_; }
  /// Calls so far that Fault::io_error counts.
  std::uint64_t calls() const { return calls_; }

 private:
  DiskAnswer admit(DiskCall call, const std::string& file);
  static void apply(std::string& content, const File::Change& change);
  void lose(File& file);
  void apply_in_part(std::string& content, const File::Change& change);
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  std::mt19937_64 random_;
  std::map<std::string, std::unique_ptr<File>> files_;
  std::vector<std::unique_ptr<File>> unlinked_;  ///< Removed while open.
  std::uint64_t power_left_ = UINT64_MAX;
  std::optional<std::string> fatal_sync_;
  DiskLoss loss_;
  bool drops_syncs_ = false;
  Fault fault_ = Fault::none;
  Lasts lasts_ = Lasts::once;
  std::uint64_t until_fault_ = 0;
  bool faulted_ = false;
  std::uint64_t calls_ = 0;
};

}  // namespace wl::storage
