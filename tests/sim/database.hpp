// The real historian on SQLite, on a disk in memory; and all that goes wrong between it and us.
#pragma once

#include <memory>
#include <string>

#include "storage/historian/testing/failing_tables.hpp"
#include "storage/sqlite/testing/crash_rig.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

/// What happens to the next batch.
struct Mishap {
  enum class Kind {
    none,
    failed,          ///< A statement in the middle of it.
    commit_lost,     ///< The connection broke before the commit was done.
    commit_applied,  ///< After it.
  };
  Kind kind = Kind::none;
  bool writing = false;  ///< A batch is being written: its commit is meant.
};

class Database {
 public:
  Database(World& world, std::uint64_t seed);

  /// Throws std::exception while it is away.
  std::unique_ptr<storage::CollectorStore> open();
  /// Throws Crash when the power goes meanwhile.
  Result<void> write(storage::CollectorStore& store, const storage::Batch& batch);
  /// Any other call: fails while the database is away.
  template <class Call>
  auto ask(Call&& call);

  /// All rows of the table `alarms`. Throws std::exception.
  std::vector<AlarmRow> alarms();

  void set_away(bool away) { away_ = away; }
  void set_latency(Milliseconds low, Milliseconds high) { low_ = low, high_ = high; }
  Milliseconds latency() { return dice_.between(low_, high_); }
  void spoil_next(Mishap::Kind kind) { next_ = kind; }
  void cut_power_at(std::uint64_t n) { rig_->disk.cut_power_at(n); }
  void heal();

  /// The process dies now: afterwards its connection closes without effect.
  void freeze(Crash::Kind kind);
  /// What the next process finds.
  void thaw(Crash::Kind kind);

 private:
  void begin_call();
  void look();
  std::unique_ptr<storage::CrashRig> new_rig(const storage::DiskImage& image);

  World& world_;
  Dice dice_;
  std::unique_ptr<storage::CrashRig> rig_;
  storage::DiskImage image_;
  storage::FailurePlan plan_;
  Mishap mishap_;
  Mishap::Kind next_ = Mishap::Kind::none;
  bool away_ = false;
  Milliseconds low_{2};
  Milliseconds high_{60};
};

template <class Call>
auto Database::ask(Call&& call) {
  begin_call();
  auto answer = call();
  look();
  return answer;
}

}  // namespace wl::sim
