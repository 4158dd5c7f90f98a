// Hot parts of a full hour become one chunk for each point, its hot minutes blocks of buckets.
#pragma once

#include <optional>
#include <vector>

#include "storage/historian/hot_part.hpp"

namespace wl::storage {

/// Folds one hour of one segment in steps, each a transaction. In between the samples are in both,
/// which a reader does not notice: equal times are one sample. Throws DatabaseError; the step then
/// changed nothing and may be tried again.
class Fold {
 public:
  /// Samples that a step codes before it stops: about 8 ms. One point is never cut, so an hour of
  /// a point with more takes longer.
  static constexpr std::size_t step_samples = 30'000;

  /// Reads the parts.
  Fold(Tables& tables, const HotHour& hour);

  const HotHour& hour() const { return hour_; }
  /// Returns how many chunks it wrote. After the last step the parts are gone and done() is true.
  std::size_t step();
  bool done() const { return done_; }

 private:
  std::vector<Sample> samples_of(std::uint32_t slot);

  Tables& tables_;
  HotHour hour_;
  std::vector<HotPart> parts_;
  std::vector<std::uint32_t> slots_;  ///< Ascending: who is in the parts.
  std::size_t next_ = 0;
  bool done_ = false;
};

}  // namespace wl::storage
