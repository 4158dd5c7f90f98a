// What is stored of the plant's meters, in the order of time: what the energy ledger is made of.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "storage/store.hpp"

namespace wl::storage {

/// A point that energy is computed from.
struct MeterPoint {
  PointId point;
  /// A counter's energy follows from the first and last reading of each quarter hour, which rollups
  /// keep for ever. Power needs every sample.
  bool counter = true;
};

/// A stretch of history; the next one begins where it ends.
struct MeterPage {
  Timestamp from{};
  Timestamp to{};
  std::vector<Sample> samples;          ///< In [from, to), by time.
  std::vector<LinkInterval> intervals;  ///< Clipped to it, by time.
};

/// Reads raw samples where they are. Where retention removed them, a counter is read from its
/// quarter hours (twice each at most, as good), and of a power only what is held at their end.
///
/// Memory: one hour of all points. Each page is one snapshot. One thread owns it; `plant` must
/// outlive it. Errors are those of Store.
class MeterHistory {
 public:
  static Result<MeterHistory> open(const DatabaseOptions& options, const Plant& plant,
                                   std::vector<MeterPoint> meters);
  MeterHistory(MeterHistory&&) noexcept;
  MeterHistory& operator=(MeterHistory&&) noexcept;
  ~MeterHistory();

  /// First and last time of what is stored, links included; nothing in an empty database.
  Result<std::optional<std::pair<Timestamp, Timestamp>>> extent();
  /// Raw samples of older hours were removed; nothing when they never were.
  Result<std::optional<Timestamp>> raw_since();
  /// The oldest, over the meters, of their newest samples before the hour of `at`; `at` for a
  /// meter that has none.
  Result<Timestamp> known_before(Timestamp at);

  /// The next page is the first one behind `from`. Before next(), and again as often as wanted.
  Result<void> start_at(Timestamp from);
  /// Nothing behind the last one.
  Result<std::optional<MeterPage>> next();

 private:
  class Rows;
  explicit MeterHistory(std::unique_ptr<Rows> rows);

  std::unique_ptr<Rows> rows_;
};

}  // namespace wl::storage
