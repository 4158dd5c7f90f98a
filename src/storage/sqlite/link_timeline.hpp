// The link_intervals table: disjoint stretches of proven life and of gaps.
#pragma once

#include <vector>

#include "storage/sqlite/database.hpp"

namespace wl::storage {

/// Used inside the caller's transaction. Throws SQLite::Exception.
class LinkTimeline {
 public:
  explicit LinkTimeline(SQLite::Database& database);

  /// Adds the part of `interval` that no stored interval covers yet: after a clock was set back
  /// the same hour comes twice, and the first record of it stays. Joins neighbours of the same
  /// kind and cause. An empty or reversed interval adds nothing.
  void add(const LinkInterval& interval);

  /// All that touch [from, to), in time order.
  std::vector<LinkInterval> touching(Timestamp from, Timestamp to);

  /// The end of the last interval.
  std::optional<Timestamp> end();

 private:
  std::optional<LinkInterval> one(Prepared& query, Timestamp at);
  void insert_joined(LinkInterval piece);

  Prepared at_or_before_;
  Prepared after_;
  Prepared touching_;
  Prepared end_;
  Prepared insert_;
  Prepared remove_;
};

}  // namespace wl::storage
