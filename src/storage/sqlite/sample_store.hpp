// Samples, latest values and the link history in SQLite.
#pragma once

#include <unordered_map>

#include "storage/sqlite/link_timeline.hpp"

namespace wl::storage {

/// The SQLite backend of Store and CollectorStore.
class SampleStore : public CollectorStore {
 public:
  SampleStore(std::unique_ptr<SQLite::Database> database, std::string path, const Plant& plant);

  Result<void> write_batch(const Batch& batch) override;
  Result<std::uint64_t> last_seq(const std::string& source) override;
  Result<std::vector<Sample>> latest() override;
  Result<RawAnswer> read_raw(const RawQuery& query) override;
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() override;
  Result<void> checkpoint() override;
  Result<std::optional<Timestamp>> covered_until() override;

 private:
  /// Row number of a point in the database; 0 while it has no sample.
  std::int64_t find_row(PointId point);
  /// The same, and registers device and point when they are new.
  std::int64_t make_row(PointId point);

  void write_sample(const Sample& sample);
  RawSeries read_series(PointId point, Timestamp from, Timestamp to, std::uint32_t limit);
  void read_all_series(const RawQuery& query, RawAnswer& answer);

  std::unique_ptr<SQLite::Database> database_;
  std::string path_;
  const Plant& plant_;
  std::unordered_map<PointId, std::int64_t> rows_;

  LinkTimeline timeline_;
  Prepared find_point_;
  Prepared make_device_;
  Prepared make_point_;
  Prepared claim_batch_;
  Prepared last_seq_;
  Prepared put_sample_;
  Prepared put_latest_;
  Prepared held_before_;
  Prepared range_;
};

}  // namespace wl::storage
