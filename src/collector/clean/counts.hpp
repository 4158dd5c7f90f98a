// How often each point gave cause for cleaning, and which.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/cleaning.hpp"
#include "model/plant.hpp"

namespace wl::collector {

using CleaningSums = std::array<std::uint64_t, cleaning_reasons>;  ///< By CleaningReason.

/// Points × reasons, since the start; it never grows. Pure; one thread uses it.
class CleaningCounts {
 public:
  explicit CleaningCounts(std::size_t points) : of_point_(points) {}

  void add(PointId point, CleaningReason reason);

  std::uint64_t of(PointId point, CleaningReason reason) const {
    return of_point_[point.value][static_cast<std::size_t>(reason)];
  }
  /// Over all points.
  const CleaningSums& sums() const { return sums_; }

  struct Worst {
    PointId point;
    std::uint64_t doubtful = 0;  ///< Of the reasons that a person should look at.
    CleaningReason most{};       ///< The most frequent of them.
  };
  /// The points with the most doubtful values, worst first; those without any are left out.
  std::vector<Worst> worst(std::size_t most) const;

 private:
  std::vector<CleaningSums> of_point_;
  CleaningSums sums_{};
};

/// `conveyor.speed 312 (out_of_range), …`: for the status of the process.
std::string worst_words(const Plant& plant, const std::vector<CleaningCounts::Worst>& worst);

/// For the status of a process: `cleaned_late` and so on of each reason that occurred, then
/// `worst_points`, five at most, when there are doubtful ones.
std::vector<std::pair<std::string, std::string>> details(const Plant& plant,
                                                         const CleaningCounts& counts);

/// {"sums":{"late":3},"points":{"conveyor.speed":{"out_of_range":312}}}; zeros are left out. The
/// keys are those of cleaning_table, ready for /metrics.
std::string to_json(const Plant& plant, const CleaningCounts& counts);

}  // namespace wl::collector
