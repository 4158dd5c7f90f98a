// A number that a point had at a time: what is cleaned, spooled, stored and shown.
#pragma once

#include "base/time.hpp"
#include "model/plant.hpp"
#include "model/quality.hpp"

namespace wl {

/// The value is in the unit of its point. A bad sample has no number that may be used: `value` is
/// then the last one received and must not be summed, averaged or compared.
struct Sample {
  PointId point;
  double value = 0;
  Quality quality;
  Timestamp source_time{};  ///< When the PLC produced it (scan time), UTC.

  bool operator==(const Sample&) const = default;
};

}  // namespace wl
