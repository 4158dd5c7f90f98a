// What a value is worth by itself: quality, type, finite, precise, in range.
#pragma once

#include <optional>

#include "model/cleaning.hpp"
#include "model/plant.hpp"
#include "model/value.hpp"

namespace wl::collector {

struct Judgement {
  std::optional<double> number;  ///< Nothing when the value must not be used as a number.
  Quality quality;
  std::optional<CleaningReason> reason;  ///< Nothing: taken as it came.
};

/// Does not look at times or at what came before. Pure.
Judgement judge(const PointSpec& point, const DataValue& value);

}  // namespace wl::collector
