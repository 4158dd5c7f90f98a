// What the energy ledger says: 15-minute buckets and what happened to the meters.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "model/plant.hpp"

namespace wl::collector::ledger {

/// Length of a bucket; bucket starts are multiples of it since 1970, UTC.
inline constexpr Milliseconds bucket_length{900'000};

/// Start of the bucket that holds `at`.
inline Timestamp bucket_of(Timestamp at) {
  using Buckets = std::chrono::duration<std::int64_t, std::ratio<900>>;
  return std::chrono::floor<Buckets>(at);
}

/// How the energy of a bucket is known.
enum class Method : std::uint8_t {
  counter,     ///< Difference of counter readings, split at the bucket's edges by time.
  integrated,  ///< Power held from change to change, over the time of proven life.
  estimated,   ///< Part of it spread over a time nobody saw; or, from power, missing there.
  manual,  ///< Entered by a person. The ledger never gives it and never sees it: the store keeps
           ///< such a correction beside the ledger's own row, so an upsert does not undo it.
};

/// The whole of one bucket as it is now known. Absolute: it replaces what was stored for
/// (device, start), so writing it twice changes nothing.
struct BucketEntry {
  DeviceId device;
  Timestamp start{};
  std::int64_t milli_wh = 0;  ///< Thousandths of a Wh; never negative.
  Method method = Method::counter;
  std::int32_t covered_ms = 0;  ///< Time proven alive with a usable value, of bucket_length.
  bool uncertain = false;       ///< A reading in it is held, or a jump was left out: see events.

  double coverage() const { return static_cast<double>(covered_ms) / 900'000.0; }
  bool operator==(const BucketEntry&) const = default;
};

enum class EventKind : std::uint8_t {
  held,               ///< A fall or jump that may be false; three samples will tell.
  glitch,             ///< It was false: the counter came back. Nothing was counted or lost.
  reset,              ///< The counter started again at 0: counted `after`.
  swap,               ///< Another meter: `before` old final, `after` new initial; counted 0.
  rollover,           ///< The counter passed its modulus.
  jump,               ///< A rise beyond the device's power stayed: left out, bucket uncertain.
  implausible_power,  ///< Negative or beyond the device's power: not integrated.
  future,             ///< Dated more than an hour ahead of the computer's clock: not used.
  corrected,          ///< A late sample changed a closed bucket: `at` its start, its energies.
  withdrawn,          ///< A late sample explained it: an earlier event of this `at` is void.
};

/// (device, kind, at) is its identity: storing it twice is storing it once.
struct LedgerEvent {
  DeviceId device;
  EventKind kind = EventKind::held;
  Timestamp at{};           ///< Source time of the reading that shows it.
  std::int64_t before = 0;  ///< Counter reading (milli-Wh) before; power events: mW.
  std::int64_t after = 0;

  bool operator==(const LedgerEvent&) const = default;
};

/// To be stored in one transaction with the batch they come from.
struct LedgerEntries {
  std::vector<BucketEntry> buckets;  ///< Only those that changed, by device and start.
  std::vector<LedgerEvent> events;
};

}  // namespace wl::collector::ledger
