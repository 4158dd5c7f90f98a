// What the energy ledger says: 15-minute buckets and what happened to the meters.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "model/plant.hpp"

namespace wl {

/// Length of a ledger bucket; bucket starts are multiples of it since 1970, UTC.
inline constexpr Milliseconds energy_bucket_length{900'000};

/// How the energy of a bucket is known. The numbers are stored: never change them.
enum class EnergyMethod : std::uint8_t {
  counter = 0,     ///< Difference of counter readings, split at the bucket's edges by time.
  integrated = 1,  ///< Power held from change to change, over the time of proven life.
  estimated = 2,   ///< Part of it spread over a time nobody saw; or, from power, missing there.
  manual =
      3,  ///< Entered by a person. The ledger never gives it and never sees it: the store keeps
          ///< such a correction beside the ledger's own row, so an upsert does not undo it.
};

/// The whole of one bucket as it is now known. Absolute: it replaces what was stored for
/// (device, start), so writing it twice changes nothing.
struct EnergyBucket {
  DeviceId device;
  Timestamp start{};
  std::int64_t milli_wh = 0;  ///< Thousandths of a Wh; never negative.
  EnergyMethod method = EnergyMethod::counter;
  std::int32_t covered_ms = 0;  ///< Time proven alive with a usable value, of bucket_length.
  bool uncertain = false;       ///< A reading in it is held, or a jump was left out: see events.

  double coverage() const { return static_cast<double>(covered_ms) / 900'000.0; }
  bool operator==(const EnergyBucket&) const = default;
};

/// The numbers are stored: never change them.
enum class MeterEventKind : std::uint8_t {
  held = 0,               ///< A fall or jump that may be false; three samples will tell.
  glitch = 1,             ///< It was false: the counter came back. Nothing was counted or lost.
  reset = 2,              ///< The counter started again at 0: counted `after`.
  swap = 3,               ///< Another meter: `before` old final, `after` new initial; counted 0.
  rollover = 4,           ///< The counter passed its modulus.
  jump = 5,               ///< A rise beyond the device's power stayed: left out, bucket uncertain.
  implausible_power = 6,  ///< Negative or beyond the device's power: not integrated.
  future = 7,             ///< Dated more than an hour ahead of the computer's clock: not used.
  corrected = 8,          ///< A late sample changed a closed bucket: `at` its start, its energies.
  withdrawn = 9,          ///< A late sample explained it: the event named by `voided` is void.
};

/// (device, at, kind, revision) is its identity: storing it twice is storing it once.
struct MeterEvent {
  DeviceId device;
  MeterEventKind kind = MeterEventKind::held;
  Timestamp at{};           ///< Source time of the reading that shows it.
  std::int64_t before = 0;  ///< Counter reading (milli-Wh) before; power events: mW.
  std::int64_t after = 0;
  /// Counts the events of the device, so that a bucket corrected twice gives two events. One that
  /// is `withdrawn` has the device, time and revision of the event that it voids.
  std::uint32_t revision = 0;
  MeterEventKind voided = MeterEventKind::held;  ///< Of `withdrawn` only: the kind it voids.

  bool operator==(const MeterEvent&) const = default;
};

/// What one batch changes in the ledger. Stored in one transaction with the batch it comes from.
struct LedgerEntries {
  std::vector<EnergyBucket> buckets;  ///< Only those that changed, by device and start.
  std::vector<MeterEvent> events;
};

}  // namespace wl
