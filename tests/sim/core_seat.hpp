// Does what CoreLoop does, on virtual time: the real Core and the real AlarmService sit in it.
#pragma once

#include "apps/collector/core_loop.hpp"
#include "tests/sim/mailbox.hpp"
#include "tests/sim/world.hpp"

namespace wl::sim {

class CoreSeat {
 public:
  CoreSeat(World& world, const collector::CoreOptions& options, CoreOutputs outputs,
           AlarmService& alarms);

  /// Deliveries and proofs of life are refused beyond a limit, as CoreLoop::post() does.
  void post(CoreEvent event, Milliseconds delay = {});
  /// The thread gets no turn until then.
  void stall(Milliseconds time) { stalled_until_ = world_.clock.now + time; }

  Milliseconds next_due() const;
  void turn();

 private:
  void handle(const CoreEvent& event);
  void perform(collector::Actions actions);

  static constexpr std::size_t refuse_beyond = 12;  ///< CoreLoop: 20,000.

  World& world_;
  const CoreOutputs outputs_;
  AlarmService& alarms_;
  collector::PointHealth health_;
  collector::Core core_;
  Mailbox<CoreEvent> events_;
  bool refusing_ = false;
  Milliseconds stalled_until_{};
  Milliseconds last_turn_{-1};
};

}  // namespace wl::sim
