// For tests: a store that keeps what it is given, and fails when it is told to.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace wl {

/// Everything that a test looks at outlives the store, which the writer owns.
struct StoreRecord {
  std::vector<storage::Batch> tried;    ///< The writer's thread only, until the writer ended.
  std::vector<storage::Batch> written;  ///< Likewise.
  std::atomic<int> fail_writes = 0;     ///< So many writes fail.
  std::atomic<int> upkeep_calls = 0;
  std::atomic<int> upkeep_steps = 0;  ///< So many calls say that there is more to do.
  std::atomic<bool> upkeep_fails = false;
  std::vector<storage::RetentionRules> rules;  ///< Of each call.
};

class RecordingStore : public storage::CollectorStore {
 public:
  explicit RecordingStore(StoreRecord& record) : record_(record) {}

  Result<void> write_batch(const storage::Batch& batch) override {
    record_.tried.push_back(batch);
    if (record_.fail_writes.fetch_sub(1) > 0) return fail(Errc::unavailable, "the disk is full");
    record_.written.push_back(batch);
    return {};
  }
  Result<storage::UpkeepReport> upkeep(Timestamp, const storage::RetentionRules& rules) override {
    record_.rules.push_back(rules);
    const bool more = record_.upkeep_steps.fetch_sub(1) > 0;
    ++record_.upkeep_calls;
    record_.upkeep_calls.notify_all();
    if (record_.upkeep_fails) return fail(Errc::unavailable, "the archive is read-only");
    return storage::UpkeepReport{.chunks_written = 3, .chunks_removed = 1, .more = more};
  }

  Result<std::uint64_t> last_seq(const std::string&) override { return 0; }
  Result<std::optional<Timestamp>> covered_until() override { return std::nullopt; }
  Result<std::string> ledger_state() override { return std::string(); }
  Result<std::vector<ThresholdRow>> rules() override { return {}; }
  Result<std::vector<AlarmRow>> open_alarms(Timestamp) override { return {}; }
  Result<std::uint64_t> last_alarm_id() override { return 0; }
  Result<void> checkpoint() override { return {}; }
  Result<std::vector<Sample>> latest() override { return {}; }
  Result<storage::RawAnswer> read_raw(const storage::RawQuery&) override { return {}; }
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override { return std::nullopt; }
  Result<storage::StatisticsAnswer> statistics(const storage::StatisticsQuery&) override {
    return {};
  }
  Result<std::vector<storage::EnergySeries>> energy(const storage::EnergyQuery&) override {
    return {};
  }
  Result<std::vector<MeterEvent>> meter_events(Timestamp, Timestamp, std::size_t) override {
    return {};
  }

 private:
  StoreRecord& record_;
};

}  // namespace wl
