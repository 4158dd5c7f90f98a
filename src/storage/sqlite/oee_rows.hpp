// The OEE of the line: quarter hours and stops.
#pragma once

#include <span>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Throws SQLite::Exception. One thread.
class OeeRows {
 public:
  explicit OeeRows(SQLite::Database& database);

  void put(std::span<const OeeQuarter> quarters);
  std::vector<OeeQuarter> range(Timestamp from, Timestamp to);
  void replace_stops(Timestamp from, std::span<const OeeStop> stops);
  std::vector<OeeStop> stops(Timestamp from, Timestamp to, std::size_t limit);

 private:
  Prepared put_;
  Prepared range_;
  Prepared drop_stops_;
  Prepared put_stop_;
  Prepared stops_;
};

}  // namespace wl::storage
