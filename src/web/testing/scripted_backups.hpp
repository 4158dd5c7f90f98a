// Backups that run until a test says how they end.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "web/api/backup_keeper.hpp"

namespace wl::web::testing {

/// What the desk's thread and the test share; outlives the keepers.
class ScriptedBackups {
 public:
  Result<std::unique_ptr<BackupKeeper>> keeper() { return std::make_unique<Keeper>(*this); }

  void finish(const std::string& file) { end(BackupRun::State::finished, file, ""); }
  void fail_with(const std::string& reason) { end(BackupRun::State::failed, "", reason); }

 private:
  class Keeper : public BackupKeeper {
   public:
    explicit Keeper(ScriptedBackups& script) : script_(script) {}
    BackupOverview overview(Timestamp) override {
      const std::lock_guard lock(script_.mutex_);
      return script_.overview_;
    }
    Result<BackupRun> start(const std::string& by, Timestamp now) override {
      const std::lock_guard lock(script_.mutex_);
      auto& run = script_.overview_.run;
      if (run && run->state == BackupRun::State::running) return fail(Errc::conflict, "one runs");
      run = BackupRun{};
      run->started_by = by;
      run->started_at = now;
      run->step = "copying the database";
      return *run;
    }

   private:
    ScriptedBackups& script_;
  };

  void end(BackupRun::State state, const std::string& file, const std::string& reason) {
    const std::lock_guard lock(mutex_);
    BackupRun& run = overview_.run.value();
    run.state = state;
    run.step.clear();
    run.ended_at = run.started_at;
    run.file = file;
    run.reason = reason;
    if (!file.empty()) overview_.stored.insert(overview_.stored.begin(), {file, 12345, {}});
  }

  std::mutex mutex_;
  BackupOverview overview_;
};

}  // namespace wl::web::testing
