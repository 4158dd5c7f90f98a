// Samples not yet folded into chunks, and the newest of each point.
#pragma once

#include <span>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Throws SQLite::Exception. One thread.
class SampleRows {
 public:
  explicit SampleRows(SQLite::Database& database);

  void put_hot(std::span<const HotPart> parts);
  std::vector<HotPart> hot(std::uint32_t segment, Timestamp from, Timestamp to);
  std::vector<HotHour> hot_hours(Timestamp before, std::size_t limit);
  void drop_hot(const HotHour& hour);

  void put_latest(std::span<const LatestRow> rows);
  std::vector<LatestRow> latest();

 private:
  /// The first hour of hot parts at or after `from`.
  std::optional<Timestamp> next_hour(Timestamp from);

  Prepared put_hot_;
  Prepared hot_;
  Prepared next_hour_;
  Prepared next_pair_;
  Prepared drop_hot_;
  Prepared put_latest_;
  Prepared latest_;
};

}  // namespace wl::storage
