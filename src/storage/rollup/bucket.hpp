// One bucket of a rollup: what the samples inside it say, and nothing else.
//
// Sample and hold is completed when a bucket is read: the value held from before until the first
// sample (the head) and from the last sample on (the tail) follow from the neighbours and the proof
// of life. So a bucket depends on its own samples alone, a late sample changes one bucket of each
// tier, and a point that does not change costs nothing.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace wl::storage {

/// The stored resolutions. The numbers are stored: never change them.
enum class Tier : std::uint8_t { minute = 1, quarter = 2, hour = 3 };

inline constexpr Tier all_tiers[] = {Tier::minute, Tier::quarter, Tier::hour};

constexpr Milliseconds bucket_length(Tier tier) {
  switch (tier) {
    case Tier::minute:
      return std::chrono::minutes{1};
    case Tier::quarter:
      return std::chrono::minutes{15};
    case Tier::hour:
      break;
  }
  return std::chrono::hours{1};
}

/// Closed buckets of a point lie together in blocks of this length: few rows, read in one go.
constexpr Milliseconds block_length(Tier tier) {
  switch (tier) {
    case Tier::minute:
      return std::chrono::hours{1};
    case Tier::quarter:
      return std::chrono::hours{24};
    case Tier::hour:
      break;
  }
  return std::chrono::hours{240};
}

/// Starts are multiples of the length since 1970, UTC; also before 1970.
constexpr Timestamp floor_to(Timestamp at, Milliseconds length) {
  const auto since = at.time_since_epoch();
  const auto rest = since % length;
  return Timestamp{since - rest - (rest.count() < 0 ? length : Milliseconds{0})};
}

constexpr Timestamp bucket_start(Tier tier, Timestamp at) {
  return floor_to(at, bucket_length(tier));
}
constexpr Timestamp block_start(Tier tier, Timestamp at) {
  return floor_to(at, block_length(tier));
}

/// At least one sample; a bucket without any does not exist. "Usable": quality not bad and the
/// value finite; only such samples count in the statistics and are held.
struct Bucket {
  Timestamp start{};
  Timestamp first_time{};    ///< Of the first sample, usable or not.
  Timestamp last_time{};     ///< Of the last sample, usable or not.
  std::uint32_t count = 0;   ///< All samples.
  std::uint32_t usable = 0;  ///< Those behind min, max, sum, first and last; 0: these are 0.
  bool ends_usable = false;  ///< The last sample is usable: `last` is held after last_time.
  double min = 0;
  double max = 0;
  double sum = 0;  ///< Of the sample values, in the order of time; mean of samples = sum / usable.
  double first = 0;
  double last = 0;
  /// Between first_time and last_time, where life is proven and a usable value was held:
  double integral = 0;       ///< Σ value · ms.
  std::int64_t held_ms = 0;  ///< Σ ms.

  bool operator==(const Bucket&) const = default;
};

}  // namespace wl::storage
