// The rows behind the SQL views energy_data and production_data: one a minute of proven life.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "storage/historian/names.hpp"
#include "storage/historian/writer_memory.hpp"

namespace wl::storage {

/// Writes rows when their minute is over, from the minute rollups: mean power, and the counter and
/// state that are held at the end. A minute without any proof of life has no row. Points are known
/// by name: power_kw, energy_kwh, status of each device; product_count, reject_count,
/// runtime_seconds, downtime_seconds of the plant (the first of that name).
class ViewMinutes {
 public:
  explicit ViewMinutes(const Plant& plant);

  /// Minutes at most that one call writes; the rest comes with the next batches.
  static constexpr int max_minutes = 1440;

  /// Writes minutes from where the call before ended up to `until`, life ends at `until` at the
  /// latest. `start`: where the first call of a database begins. After the rollups of the batch,
  /// in its transaction. Throws DatabaseError.
  void advance(Tables& tables, const Names& names, WriterMemory& memory, Timestamp start,
               Timestamp until);

  /// Writes the rows of an hour again, those that advance() has written, for devices with a point
  /// among `points`: late samples came.
  void renew(Tables& tables, const Names& names, WriterMemory& memory, Timestamp hour,
             const std::set<PointId>& points);

  bool shows(PointId point) const { return shown_.contains(point); }

 private:
  struct Device {
    DeviceId id;
    std::array<std::optional<PointId>, 3> points;  ///< power_kw, energy_kwh, status.
  };
  struct Range;

  void write_device(const Device& device, const Range& range) const;
  void write_production(const Range& range) const;

  const Plant& plant_;
  std::vector<Device> devices_;
  std::array<std::optional<PointId>, 4> production_;  ///< In the order of ProductionMinute.
  std::set<PointId> shown_;
};

}  // namespace wl::storage
