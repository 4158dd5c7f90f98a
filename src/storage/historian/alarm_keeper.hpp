// AlarmStore on the rows of any engine.
#pragma once

#include <functional>
#include <memory>

#include "storage/alarm_store.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Each read is one snapshot, each change one transaction. DatabaseError ends here.
class AlarmKeeper : public AlarmStore {
 public:
  explicit AlarmKeeper(std::unique_ptr<Tables> tables) : tables_(std::move(tables)) {}

  Result<AlarmPage> alarms(const AlarmQuery& query) override;
  Result<std::optional<AlarmRow>> alarm(std::uint64_t id) override;
  Result<std::vector<AlarmJournalRow>> journal(std::uint64_t alarm_id, std::size_t limit) override;

  Result<std::vector<ThresholdRow>> thresholds() override;
  Result<std::optional<ThresholdRow>> threshold(std::int64_t id) override;
  Result<ThresholdRow> add_threshold(const ThresholdRow& row) override;
  Result<ThresholdRow> change_threshold(const ThresholdRow& row) override;
  Result<void> remove_threshold(std::int64_t id, std::optional<std::int64_t> version) override;
  Result<std::size_t> add_default_thresholds(const Plant& plant, Timestamp now) override;

 private:
  std::unique_ptr<Tables> tables_;
};

}  // namespace wl::storage
