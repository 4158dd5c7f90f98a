// A table of one body for each point and period: chunks, and the blocks of each tier.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/period_key.hpp"

namespace wl::storage {

struct PeriodRow {
  PointRow point;
  Timestamp start{};
  std::string body;
};

/// Throws SQLite::Exception. One thread.
class PeriodRows {
 public:
  /// `table` is a name of the schema with the columns id, body and point, never input.
  PeriodRows(SQLite::Database& database, const std::string& table, Milliseconds length);

  void put(PointRow point, Timestamp start, std::string_view body);
  /// Of starts in [from, to), in order.
  std::vector<PeriodRow> range(PointRow point, Timestamp from, Timestamp to, std::size_t limit);
  std::optional<PeriodRow> at(PointRow point, Timestamp start);
  std::optional<PeriodRow> before(PointRow point, Timestamp start);
  /// Of one period, by point, from the point `first` on.
  std::vector<PeriodRow> all_at(Timestamp start, PointRow first, std::size_t limit);
  /// The oldest start at or after `from`.
  std::optional<Timestamp> oldest(Timestamp from);
  /// Removes rows of starts before `before`, oldest first. Returns how many.
  std::size_t drop(Timestamp before, std::size_t limit);
  void drop_at(Timestamp start, std::span<const PointRow> points);

 private:
  PeriodRow row_of(SQLite::Statement& statement) const;
  std::vector<PeriodRow> all_of(Prepared::Use use) const;

  Milliseconds length_;
  Prepared put_;
  Prepared range_;
  Prepared at_;
  Prepared before_;
  Prepared all_at_;
  Prepared oldest_;
  Prepared drop_;
  Prepared drop_at_;
};

}  // namespace wl::storage
