// Which row of the database is which point or device of the plant.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/plant.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// A memory of the rows, by key: plant.json may be reordered between two starts. Only the collector
/// registers; the others notice by refresh() that it did. Every call may throw DatabaseError.
class Names {
 public:
  /// Both must outlive it.
  Names(Tables& tables, const Plant& plant);

  /// Call at the start of each read or write: reads the names again if there are new ones.
  void refresh();
  /// After a write that was rolled back: what it registered is not there.
  void forget() { known_ = "unknown"; }

  /// Nothing while the point has no sample.
  std::optional<PointRow> find(PointId point) const {  // Asked for each sample.
    const PointRow row = point.value < point_rows_.size() ? point_rows_[point.value] : PointRow{};
    return row.value == 0 ? std::nullopt : std::optional(row);
  }
  std::optional<DeviceRow> find(DeviceId device) const;
  /// Registers it, and its device, when it is new. In a write transaction.
  PointRow make(PointId point);
  DeviceRow make(DeviceId device);
  /// Nothing for a row whose key left plant.json.
  std::optional<PointId> point_of(PointRow row) const;
  std::optional<DeviceId> device_of(DeviceRow row) const;

 private:
  void add(PointId point, PointRow row);
  void add(DeviceId device, DeviceRow row);
  void note_registration();

  Tables& tables_;
  const Plant& plant_;
  std::unordered_map<std::string, std::uint32_t> point_keys_;
  std::unordered_map<std::string, std::uint32_t> device_keys_;
  std::string known_ = "unknown";  ///< The fact `registered` when the names were read.
  // By PointId or DeviceId, 0 for none; by row, nothing for none.
  std::vector<PointRow> point_rows_;
  std::vector<DeviceRow> device_rows_;
  std::vector<std::optional<PointId>> points_;
  std::vector<std::optional<DeviceId>> devices_;
};

}  // namespace wl::storage
