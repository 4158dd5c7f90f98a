// The alarm desk as the collector runs it, with its memory on disk, under a virtual clock.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "apps/collector/alarm_memory_file.hpp"
#include "apps/collector/alarm_service.hpp"
#include "collector/forward/store_and_forward.hpp"

namespace wl::bench {

/// An AlarmService whose outputs are counted. What it wants remembered is written at once, as by
/// the spool keeper before the record with the same rows. Letters are posted as they come.
class VirtualAlarms {
 public:
  struct Options {
    std::filesystem::path folder;  ///< Of alarm_state.json.
    Timestamp start{};
    collector::AlarmDeskOptions desk = {};
    std::optional<collector::AlarmMemory> memory = {};
  };

  /// `plant` must outlive it.
  VirtualAlarms(const Plant& plant, Options options);

  /// What `read` does follows each wish to read the database; it ends with told().
  void read_database_by(std::function<void()> read) { read_ = std::move(read); }
  /// From any thread.
  void told(Result<collector::AlarmsInDatabase> alarms);

  collector::TickConsumer& consumer() { return service_.consumer(); }
  void turn(collector::Core& core, collector::Now now, const collector::ForwardFigures& forward);

  collector::AlarmDeskFigures figures() const { return service_.figures(); }
  const std::vector<alarm::notify::Letter>& letters() const { return letters_; }
  std::uint64_t memory_bytes() const { return memory_bytes_; }  ///< All that was written.

 private:
  AlarmOutputs outputs();

  AlarmMemoryFile file_;
  std::function<void()> read_ = [] {};
  collector::ForwardFacts facts_;
  std::vector<alarm::notify::Letter> letters_;
  std::uint64_t memory_bytes_ = 0;
  AlarmService service_;
};

}  // namespace wl::bench
