// Store and CollectorStore on the rows of any engine.
#pragma once

#include <memory>
#include <span>

#include "storage/historian/ingest.hpp"
#include "storage/historian/raw_reader.hpp"
#include "storage/historian/upkeep.hpp"
#include "storage/rollup/calendar.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// Each read is one snapshot. DatabaseError ends here and becomes an Error.
///
/// The value before a raw series is known also where retention removed the sample or its bytes are
/// damaged: from the rollups, as good or bad.
class Historian : public CollectorStore {
 public:
  /// `plant` must outlive it.
  Historian(std::unique_ptr<Tables> tables, const Plant& plant, Calendar calendar);

  Result<void> write_batch(const Batch& batch) override;
  Result<std::uint64_t> last_seq(const std::string& source) override;
  Result<std::vector<Sample>> latest() override;
  Result<RawAnswer> read_raw(const RawQuery& query) override;
  Result<StatisticsAnswer> statistics(const StatisticsQuery& query) override;
  Result<std::vector<EnergySeries>> energy(const EnergyQuery& query) override;
  Result<std::vector<MeterEvent>> meter_events(Timestamp from, Timestamp to,
                                               std::size_t limit) override;
  Result<OeeAnswer> oee(const OeeQuery& query) override;
  Result<std::vector<OeeStop>> oee_stops(Timestamp from, Timestamp to, std::size_t limit) override;
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override;
  Result<void> checkpoint() override;
  Result<std::optional<Timestamp>> covered_until() override;
  Result<std::string> ledger_state() override;
  Result<std::vector<ThresholdRow>> rules() override;
  Result<std::vector<AlarmRow>> open_alarms(Timestamp announced_since) override;
  Result<std::uint64_t> last_alarm_id() override;
  Result<std::string> oee_state() override;
  Result<UpkeepReport> upkeep(Timestamp now, const RetentionRules& rules) override;

 private:
  RawSeries read_series(RawReader& raw, PointId point, const RawQuery& range);
  std::optional<Sample> held_before(RawReader& raw, RawReader::Target target, Timestamp hour);
  std::vector<StatisticsBucket> read_statistics(PointId point, Tier tier,
                                                std::span<const Timestamp> edges,
                                                const AliveTimeline& alive);
  Interval finest_kept(const StatisticsQuery& query);
  Result<std::vector<Timestamp>> edges_of(const StatisticsQuery& query, Interval interval) const;

  std::unique_ptr<Tables> tables_;
  const Plant& plant_;
  Calendar calendar_;
  Names names_;
  Ingest ingest_;
  Upkeep upkeep_;
};

}  // namespace wl::storage
