// The steady beat in which held values are presented to whatever watches the plant.
#pragma once

#include <span>

#include "base/time.hpp"
#include "model/live_message.hpp"

namespace wl::collector {

/// Every point as it stands at one moment, whether it changed or not.
struct Tick {
  Timestamp at{};
  Milliseconds monotonic{};  ///< The same moment; counts from any fixed one.
  /// Indexed by PointId. While the link is not proven alive every known value is
  /// Bad_NoCommunication: a held value is never presented as good behind a dead link.
  std::span<const LiveValue> values;
  bool link_alive = false;
  Timestamp proven_at{};  ///< The last proof of life.
};

/// Sees every tick: alarm detection, OEE, coverage. Called by the core on its thread; answer
/// without I/O. A tick that was missed (the process was halted) is not made up for.
class TickConsumer {
 public:
  virtual ~TickConsumer() = default;
  virtual void on_tick(const Tick& tick) = 0;
};

/// How many points are how good, for the operator: the first consumer of the ticks.
class PointHealth : public TickConsumer {
 public:
  void on_tick(const Tick& tick) override;

  int good() const { return good_; }
  int uncertain() const { return uncertain_; }
  int bad() const { return bad_; }

 private:
  int good_ = 0;
  int uncertain_ = 0;
  int bad_ = 0;
};

}  // namespace wl::collector
