// The energy ledger, what happened to the meters, and when life was proven.
#pragma once

#include <span>
#include <vector>

#include "storage/sqlite/database.hpp"
#include "storage/tables.hpp"

namespace wl::storage {

/// Throws SQLite::Exception. One thread.
class EnergyRows {
 public:
  explicit EnergyRows(SQLite::Database& database);

  void put(std::span<const EnergyRow> rows);
  std::vector<EnergyRow> range(DeviceRow device, Timestamp from, Timestamp to);
  void put_days(std::span<const EnergyDayRow> rows);
  std::vector<EnergyDayRow> days(DeviceRow device, Timestamp from, Timestamp to);
  void put_events(std::span<const EventRow> rows);
  std::vector<EventRow> events(Timestamp from, Timestamp to, std::size_t limit);

 private:
  Prepared put_;
  Prepared range_;
  Prepared put_day_;
  Prepared days_;
  Prepared put_event_;
  Prepared events_;
};

/// Disjoint intervals. Throws SQLite::Exception. One thread.
class LinkRows {
 public:
  explicit LinkRows(SQLite::Database& database);

  void put(const LinkInterval& interval);
  void remove(Timestamp from);
  std::optional<LinkInterval> at_or_before(Timestamp at);
  std::optional<LinkInterval> after(Timestamp at);
  std::vector<LinkInterval> touching(Timestamp from, Timestamp to);
  std::optional<Timestamp> end();

 private:
  Prepared put_;
  Prepared remove_;
  Prepared at_or_before_;
  Prepared after_;
  Prepared touching_;
  Prepared end_;
};

}  // namespace wl::storage
