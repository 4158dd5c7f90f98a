// A folder in memory that loses, tears and reorders what was not synced.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "storage/spool/files.hpp"

namespace wl::storage::spool {

/// The same seed and calls give the same losses. One thread.
class CrashFiles final : public SpoolFiles {
 public:
  enum class Lasts { once, until_healed };

  explicit CrashFiles(std::uint64_t seed) : random_(seed) {}

  Result<std::vector<Entry>> list(const std::string& folder) override;
  Result<std::string> read(const std::string& name, std::uint64_t offset,
                           std::size_t size) override;
  Result<void> create(const std::string& name) override;
  Result<void> append(const std::string& name, std::string_view bytes) override;
  Result<void> truncate(const std::string& name, std::uint64_t size) override;
  Result<void> sync(const std::string& name) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& name) override;
  Result<void> sync_directory(const std::string& folder) override;

  /// From the `n`-th change on (1: the next) nothing reaches the disk; every call fails.
  void cut_power_at(std::uint64_t n) { power_left_ = n; }
  bool powered() const { return power_left_ != 0; }
  /// What a computer finds after a power cut: of everything not synced any part.
  void power_on();
  /// Fails the `n`-th call from now on. What a failed sync did not save is not saved by a later
  /// one.
  void fail_at(std::uint64_t n, Lasts lasts);
  /// Appends fail above this many bytes of all files, with their first half written.
  void set_space(std::uint64_t bytes) { space_ = bytes; }
  void heal();
  std::uint64_t calls() const { return calls_; }
  std::uint64_t faults() const { return faults_; }

  /// Everything that is there, as a running system sees it.
  std::map<std::string, std::string> content() const;
  void put(const std::string& name, std::string content);    ///< Synced.
  void flip(const std::string& name, std::uint64_t offset);  ///< One bit, on the disk.

 private:
  struct Change {
    std::uint64_t offset = 0;  ///< Of bytes; or the new size of a truncation.
    std::string bytes;
    bool truncation = false;
  };
  struct File {
    std::string now;
    std::string durable;
    std::vector<Change> unsynced;
  };
  using FilePtr = std::shared_ptr<File>;
  struct NameChange {
    std::string removed;  ///< Empty: none.
    std::string added;    ///< Empty: none.
    FilePtr file;
  };
  enum class Access { look, change };

  Result<void> admit(Access access, const std::string& name);
  Result<FilePtr> find(const std::string& name) const;
  static void apply(std::string& content, const Change& change);
  static void apply(std::map<std::string, FilePtr>& names, const NameChange& change);
  void lose(File& file);
  std::uint64_t used() const;
  bool chance(std::uint64_t one_in) { return random_() % one_in == 0; }

  std::mt19937_64 random_;
  std::map<std::string, FilePtr> names_;
  std::map<std::string, FilePtr> durable_names_;
  std::vector<NameChange> unsynced_names_;
  std::uint64_t power_left_ = UINT64_MAX;
  std::uint64_t until_fault_ = UINT64_MAX;
  Lasts lasts_ = Lasts::once;
  std::uint64_t space_ = UINT64_MAX;
  std::uint64_t calls_ = 0;
  std::uint64_t faults_ = 0;
};

}  // namespace wl::storage::spool
