// Numbers of devices and points, facts, and which batches were stored.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Throws SQLite::Exception. One thread.
class NameRows {
 public:
  explicit NameRows(SQLite::Database& database);

  std::vector<NamedRow> points();
  std::vector<NamedRow> devices();
  DeviceRow make_device(const std::string& key);
  PointRow make_point(const std::string& key, DeviceRow device, const std::string& unit);

  std::optional<std::string> fact(const std::string& name);
  void put_fact(const std::string& name, const std::string& value);

 private:
  Prepared points_;
  Prepared devices_;
  Prepared find_device_;
  Prepared add_device_;
  Prepared find_point_;
  Prepared add_point_;
  Prepared fact_;
  Prepared put_fact_;
};

/// The exactly-once key. Throws SQLite::Exception. One thread.
class BatchRows {
 public:
  /// Batches remembered of each source. Older ones count as stored.
  static constexpr std::int64_t remembered = 10'000;

  explicit BatchRows(SQLite::Database& database);

  std::optional<std::int64_t> claim(const std::string& source, std::uint64_t seq,
                                    std::uint64_t samples);
  std::uint64_t last_seq(const std::string& source);
  /// What was counted inside a transaction that was rolled back is counted anew.
  void forget_counts() { counts_.clear(); }

 private:
  std::int64_t& count_of(const std::string& source);

  SQLite::Database& database_;
  Prepared count_;
  Prepared oldest_;
  Prepared newest_;
  Prepared insert_;
  Prepared remove_;
  std::unordered_map<std::string, std::int64_t> counts_;  ///< Remembered batches by source.
};

}  // namespace wl::storage
