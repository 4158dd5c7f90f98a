// One device's meter: from readings in time order to buckets and events.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collector/ledger/alive_spans.hpp"
#include "collector/ledger/entry.hpp"

namespace wl::collector::ledger {

enum class Source : std::uint8_t { counter, power };

/// What the ledger must know of a device. Caller's precondition: 0 < max_power_kw <= 1e6.
struct MeterSpec {
  DeviceId device;
  std::string key;  ///< Device id: how a saved state finds it after a change of plant.json.
  PointId point;    ///< Energy counter in kWh, or power in kW.
  Source source = Source::counter;
  double max_power_kw = 0;      ///< Bound of what is plausible.
  double resolution_kwh = 0.1;  ///< A dip up to this is noise, not a fall.
  double modulus_kwh = 0;       ///< Where the counter rolls over; 0 = it does not.
};

/// A sample in integers: milli-Wh of a counter, mW of a power. Doubles are rounded here, once;
/// from here on every sum is exact.
struct Reading {
  Timestamp at{};
  std::int64_t value = 0;
  bool usable = true;  ///< Good quality and a number a meter can show.
  bool operator==(const Reading&) const = default;
};

struct BucketSum {
  std::int64_t milli_wh = 0;
  std::int32_t covered_ms = 0;
  bool estimated = false;
  bool uncertain = false;
  bool operator==(const BucketSum&) const = default;
};

using BucketSums = std::map<Timestamp, BucketSum>;

/// All that a meter remembers.
struct MeterState {
  std::optional<Timestamp> mark;  ///< Time is accounted for up to here.
  bool usable = false;            ///< The newest reading was.
  std::optional<Reading> last;    ///< Counter: last accepted. Power: held.
  std::vector<Reading> held;      ///< A fall or jump not yet confirmed: at most 2.
  std::optional<Timestamp> hole;  ///< Counter: where the first unseen time since `last` began.
  std::int64_t remainder = 0;     ///< Power: mW·ms not yet a milli-Wh; in [0, 3'600'000).
  BucketSums buckets;

  bool operator==(const MeterState&) const = default;
};

/// A longer silence is spread over its last part only, so that a wrong date makes no million rows.
inline constexpr Milliseconds longest_spread = std::chrono::days{366};

/// Applies readings to a state by the rules of README.md. Readings come in rising time.
/// Short-lived: works on a state that it owns; `spec` and `alive` must outlive it.
class Meter {
 public:
  /// `events`: those that led to the state, if they are wanted again in events().
  Meter(const MeterSpec& spec, const AliveSpans& alive, MeterState state,
        std::vector<LedgerEvent> events = {});

  void read(const Reading& reading);
  /// The newest value was held under proven life up to `tail`; shows what is still held.
  void finish(Timestamp tail);
  /// Time up to `until` is final: the held value counts as read there, if the link was alive.
  /// True when that changed the state.
  bool settle(Timestamp until);

  const MeterState& state() const { return state_; }
  const std::vector<LedgerEvent>& events() const { return events_; }
  /// Ends the use of this Meter.
  MeterState take_state() { return std::move(state_); }
  std::vector<LedgerEvent> take_events() { return std::move(events_); }

 private:
  enum class Verdict { rise, dip, rollover, implausible };

  Verdict judge(const Reading& from, const Reading& to) const;
  std::int64_t most_between(const Reading& from, const Reading& to) const;
  void advance(Timestamp to);
  void cover(Span span);
  void miss(Span span);
  void read_power(const Reading& reading);
  void read_counter(const Reading& reading);
  void accept(const Reading& reading, std::int64_t energy);
  void hold(const Reading& reading);
  void confirm();
  void drop_held();
  void record(EventKind kind, const Reading& reading);

  const MeterSpec& spec_;
  const AliveSpans& alive_;
  MeterState state_;
  std::int64_t max_power_mw_;
  std::int64_t resolution_;
  std::int64_t modulus_;
  std::vector<LedgerEvent> events_;
};

/// The first bucket that a reading after `settled` can still change; 1970 when nothing is settled.
Timestamp first_open_bucket(const MeterSpec& spec, const MeterState& settled);

/// Rounds a sample; not usable when the quality is not good, or no counter could show the number.
Reading to_reading(const MeterSpec& spec, double value, bool good, Timestamp at);

}  // namespace wl::collector::ledger
