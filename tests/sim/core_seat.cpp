#include "tests/sim/core_seat.hpp"

#include "base/overloaded.hpp"

namespace wl::sim {

CoreSeat::CoreSeat(World& world, const collector::CoreOptions& options, CoreOutputs outputs,
                   AlarmService& alarms)
    : world_(world),
      outputs_(std::move(outputs)),
      alarms_(alarms),
      core_(world.plant, options, world.clock.both(), {&health_, &alarms.consumer()}),
      events_(world.clock) {}

void CoreSeat::post(CoreEvent event, Milliseconds delay) {
  const bool may_be_lost = std::holds_alternative<collector::Delivery>(event) ||
                           std::holds_alternative<AliveEvent>(event);
  if (may_be_lost && events_.size() >= refuse_beyond) {
    if (std::exchange(refusing_, true)) return;
    world_.faults.add(Fault::core_stalled);
    return events_.post(InputLostEvent{}, delay);
  }
  if (may_be_lost) refusing_ = false;
  events_.post(std::move(event), delay);
}

Milliseconds CoreSeat::next_due() const {
  const Milliseconds due = std::min({events_.next(), core_.next_due(), alarms_.next_due()});
  return std::max({due, last_turn_ + Milliseconds{1}, stalled_until_});
}

void CoreSeat::turn() {
  if (world_.clock.now < next_due()) return;
  last_turn_ = world_.clock.now;
  while (const auto event = events_.take()) handle(*event);
  core_.on_time(world_.clock.both());
  alarms_.turn(core_, world_.clock.both());
  perform(core_.take_actions());
}

void CoreSeat::handle(const CoreEvent& event) {
  std::visit(
      Overloaded{[&](const collector::Delivery& delivery) { core_.on_delivery(delivery); },
                 [&](const collector::HistoryDelivery& history) { core_.on_history(history); },
                 [&](const AliveEvent& alive) { core_.on_alive(alive.at); },
                 [&](const InputLostEvent&) { core_.on_input_lost(); },
                 [&](const LinkEvent& link) {
                   if (link.up) return core_.on_link_up(link.at);
                   core_.on_link_down(link.reason, link.at);
                 },
                 [&](const DurableEvent& durable) { core_.on_durable(durable.seq); },
                 [&](const AlarmEvent& alarm) { alarms_.handle(alarm, world_.clock.both()); },
                 [](const StopEvent&) {}},
      event);
}

void CoreSeat::perform(collector::Actions actions) {
  if (!actions.records.empty()) world_.crashes.pass(Fault::killed_before_records);
  if (world_.bug == Bug::acknowledge_before_sync && !actions.records.empty()) {
    core_.on_durable(actions.records.back().seq);
    actions.acknowledge = core_.take_actions().acknowledge;
  }
  for (collector::Record& record : actions.records) outputs_.keep(std::move(record));
  if (!actions.acknowledge.empty()) world_.crashes.pass(Fault::killed_before_acknowledgements);
  for (const std::uint64_t token : actions.acknowledge) outputs_.acknowledge(token);
}

}  // namespace wl::sim
