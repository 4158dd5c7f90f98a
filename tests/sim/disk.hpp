// The disk of the collector's computer: two folders that lose and tear what was not synced.
#pragma once

#include "storage/spool/testing/crash_files.hpp"
#include "tests/sim/crash_plan.hpp"
#include "tests/sim/dice.hpp"

namespace wl::sim {

/// The spool's folder and the data folder. One disk: it is full, slow or dead for both.
class Disk {
 public:
  explicit Disk(std::uint64_t seed) : spool(seed * 2 + 1), data(seed * 2 + 2), dice_(seed, 14) {}

  storage::spool::CrashFiles spool;
  storage::spool::CrashFiles data;

  /// What one sync costs now.
  Milliseconds latency() { return dice_.between(low_, high_); }
  void set_latency(Milliseconds low, Milliseconds high) { low_ = low, high_ = high; }
  void fill(std::uint64_t left);
  void fail_calls(std::uint64_t n, storage::spool::CrashFiles::Lasts lasts);
  void heal();
  /// Throws Crash when the power went while files were written.
  void look();
  void power_on();

 private:
  Dice dice_;
  Milliseconds low_{1};
  Milliseconds high_{20};
};

/// Replaced as a whole, synced: what base/durable_file.hpp does on a real disk.
Result<void> replace_file(storage::spool::SpoolFiles& files, const std::string& name,
                          std::string_view content);

}  // namespace wl::sim
