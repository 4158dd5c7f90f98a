// The energy ledger computed again from stored readings: `wattline db rebuild-energy`, and what an
// import and the conversion of an old database end with.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/plant.hpp"
#include "storage/store.hpp"

namespace wl::energy {

struct RebuildRequest {
  std::optional<Timestamp> from;         ///< Nothing: from the first reading on.
  Milliseconds sampling_interval{1000};  ///< DATA_COLLECTION_INTERVAL.
  Timestamp now{};                       ///< Wall time: what is farther ahead is not used.
  bool dry_run = false;                  ///< Compute and tell, write nothing.
};

struct DeviceEnergy {
  DeviceId device;
  std::int64_t before_milli_wh = 0;  ///< Of the time that was computed.
  std::int64_t after_milli_wh = 0;
};

struct RebuildReport {
  Timestamp from{};  ///< Earlier than asked for where a meter was silent before it.
  Timestamp to{};
  std::uint64_t added = 0;      ///< Quarter hours of a device that had no entry.
  std::uint64_t corrected = 0;  ///< That had another one.
  std::uint64_t unchanged = 0;
  std::uint64_t kept = 0;  ///< Left as they are: their raw values are gone, or a person wrote them.
  std::uint64_t events_told = 0;
  std::uint64_t events_withdrawn = 0;
  std::vector<DeviceEnergy> devices;
};

/// Told with each hour, with the time that was reached; false: stop (`unavailable`).
using RebuildProgress = std::function<bool(Timestamp reached)>;

/// Takes the stored readings from `from` to the newest through the collector's own ledger, in the
/// order of time, and writes what differs. So the sum is the difference of the counter again, and
/// the collector goes on from there. Doing it twice changes nothing the second time.
///
/// - A changed energy is told as `corrected`; events that are not true any more are withdrawn.
/// - Where retention removed the raw values, entries stay as they are, except beside a hole:
///   there, and in the hole, the first and last counter reading of each quarter hour serve.
/// - Killed half-way, or stopped: what is written is right; do it again for the rest.
///
/// Precondition: this process is the only writer of samples.
Result<RebuildReport> rebuild_energy(storage::CollectorStore& store,
                                     const storage::DatabaseOptions& options, const Plant& plant,
                                     const RebuildRequest& request,
                                     const RebuildProgress& progress);

/// Whether the ledger reads any of these points.
bool concerns_energy(const Plant& plant, const std::vector<PointId>& points);

}  // namespace wl::energy
