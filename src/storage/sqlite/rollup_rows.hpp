// Buckets that still grow, blocks of closed ones, and the rows behind the SQL views.
#pragma once

#include <span>
#include <vector>

#include "storage/sqlite/period_rows.hpp"

namespace wl::storage {

/// Throws SQLite::Exception. One thread.
class RollupRows {
 public:
  explicit RollupRows(SQLite::Database& database);

  void put_open(std::span<const OpenRow> rows);
  std::vector<OpenRow> open_all();
  std::optional<OpenRow> open_of(PointRow point);

  void append_hot_minutes(std::span<const HotMinute> minutes);
  std::vector<HotMinute> hot_minutes(std::uint32_t segment, Timestamp from, Timestamp to);
  void drop_hot_minutes(const HotHour& hour);

  PeriodRows& of(Tier tier);

  void put_device_minutes(std::span<const DeviceMinute> rows);
  void put_production_minutes(std::span<const ProductionMinute> rows);
  std::size_t drop_minutes(Timestamp before, std::size_t limit);

 private:
  Prepared put_open_;
  Prepared open_all_;
  Prepared open_of_;
  Prepared append_hot_minute_;
  Prepared hot_minutes_;
  Prepared drop_hot_minutes_;
  PeriodRows minutes_;
  PeriodRows quarters_;
  PeriodRows hours_;
  Prepared put_device_minute_;
  Prepared put_production_minute_;
  Prepared drop_device_minutes_;
  Prepared drop_production_minutes_;
};

}  // namespace wl::storage
