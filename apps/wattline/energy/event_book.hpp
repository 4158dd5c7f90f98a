// Meter events of a rebuild beside those that were told before.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "collector/ledger/ledger.hpp"

namespace wl::energy {

/// Events that both tell stay as they are; what only the rebuild knows is told with a revision of
/// its own; what only was told before is withdrawn. Pure.
class EventBook {
 public:
  struct Changes {
    std::vector<MeterEvent> events;
    std::uint64_t told = 0;
    std::uint64_t withdrawn = 0;
  };

  EventBook() = default;
  /// `told`: all that the database has. `saved`: the collector's state.
  EventBook(std::vector<MeterEvent> told, const collector::ledger::LedgerState& saved);

  /// Empty meters that number their events behind those that were told.
  collector::ledger::LedgerState first_state(
      const std::vector<collector::ledger::MeterSpec>& specs);

  /// What the ledger says next; events before `from` belong to the run-up.
  void take(const std::vector<MeterEvent>& events, Timestamp from);
  /// The stored bucket was left as it is: so are the events in it. True when there are some.
  bool keep(DeviceId device, Timestamp bucket);
  void correct(DeviceId device, Timestamp bucket, std::int64_t before, std::int64_t after);

  /// Everything from `from` on. Brings the revisions in `state`, that of the ledger at its end, in
  /// line with what is stored.
  Changes changes(Timestamp from, collector::ledger::LedgerState& state) const;

 private:
  using Place = std::pair<DeviceId, Timestamp>;

  bool kept(const MeterEvent& event) const;

  std::vector<MeterEvent> told_;                          ///< Without those that were withdrawn.
  std::map<std::string, std::uint32_t> saved_revisions_;  ///< By the meter's key.
  std::map<std::string, DeviceId> devices_;
  std::map<DeviceId, std::uint32_t> revisions_;  ///< The newest of ours or told before.
  std::vector<MeterEvent> wanted_;
  std::vector<MeterEvent> corrections_;
  std::set<Place> eventful_;  ///< Buckets with an event: of others nothing need be remembered.
  std::set<Place> kept_;
};

}  // namespace wl::energy
