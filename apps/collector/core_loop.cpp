#include "apps/collector/core_loop.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "apps/collector/clocks.hpp"
#include "base/overloaded.hpp"

namespace wl {
namespace {

constexpr Milliseconds longest_wait{500};
constexpr Milliseconds cleaning_interval{1000};

std::vector<collector::TickConsumer*> consumers(collector::PointHealth& health,
                                                AlarmService* alarms) {
  std::vector<collector::TickConsumer*> all{&health};
  if (alarms) all.push_back(&alarms->consumer());
  return all;
}

}  // namespace

CoreLoop::CoreLoop(const Plant& plant, const collector::CoreOptions& options, CoreOutputs outputs,
                   AlarmService* alarms)
    : outputs_(std::move(outputs)),
      alarms_(alarms),
      core_(plant, options, clocks_now(), consumers(health_, alarms)) {
  publish();
}

void CoreLoop::start() {
  thread_ = std::thread([this] { run(); });
}

CoreLoop::~CoreLoop() {
  finish({});
}

void CoreLoop::post(CoreEvent event) {
  const bool may_be_lost = std::holds_alternative<collector::Delivery>(event) ||
                           std::holds_alternative<AliveEvent>(event);
  if (may_be_lost && events_.size() >= refuse_beyond) {
    const bool is_first = !refusing_.exchange(true);
    if (is_first && !events_.push(InputLostEvent{})) refusing_ = false;  // Told with the next.
    return;
  }
  if (may_be_lost) refusing_ = false;
  if (!events_.push(std::move(event))) lost_ = true;
}

bool CoreLoop::finish(Milliseconds patience) {
  if (thread_.joinable()) {
    patience_ms_ = patience.count();
    events_.push(StopEvent{});
    thread_.join();
  }
  return all_durable_;
}

void CoreLoop::run() {
  while (!(stopping_ && core_.idle()) && clocks_now().monotonic < give_up_) {
    const auto due = std::min(next_due(), give_up_) - clocks_now().monotonic;
    try {
      turn(std::clamp(due, Milliseconds{1}, longest_wait));
      failing_ = false;
    } catch (const std::exception& error) {
      if (!failing_) spdlog::error("core: {}; a gap is recorded", error.what());
      failing_ = true;
      lost_ = true;
    }
    ++turns_;
  }
  all_durable_ = core_.idle();
}

Milliseconds CoreLoop::next_due() const {
  const Milliseconds due = core_.next_due();
  return alarms_ ? std::min(due, alarms_->next_due()) : due;
}

void CoreLoop::turn(Milliseconds wait) {
  for (CoreEvent& event : events_.drain(wait)) taken_.push_back(std::move(event));
  if (lost_.exchange(false)) core_.on_input_lost();
  while (!taken_.empty()) {
    const CoreEvent event = std::move(taken_.front());
    taken_.pop_front();  // First: an event that cannot be handled is not met again.
    handle(event);
  }
  core_.on_time(clocks_now());
  if (alarms_) alarms_->turn(core_, clocks_now());
  perform(core_.take_actions());
  publish();
}

void CoreLoop::handle(const CoreEvent& event) {
  std::visit(
      Overloaded{[&](const collector::Delivery& delivery) { core_.on_delivery(delivery); },
                 [&](const collector::HistoryDelivery& history) { core_.on_history(history); },
                 [&](const AliveEvent& alive) { core_.on_alive(alive.at); },
                 [&](const InputLostEvent&) { core_.on_input_lost(); },
                 [&](const LinkEvent& link) {
                   if (link.up) {
                     core_.on_link_up(link.at);
                   } else {
                     core_.on_link_down(link.reason, link.at);
                   }
                 },
                 [&](const DurableEvent& durable) { core_.on_durable(durable.seq); },
                 [&](const AlarmEvent& alarm) {
                   if (alarms_) alarms_->handle(alarm, clocks_now());
                 },
                 [&](const StopEvent&) {
                   // What the alarms have to say goes into the last record.
                   if (alarms_) alarms_->turn(core_, clocks_now());
                   core_.on_stop(clocks_now());
                   stopping_ = true;
                   give_up_ = clocks_now().monotonic + Milliseconds{patience_ms_};
                 }},
      event);
}

/// What must not get lost comes first.
void CoreLoop::perform(collector::Actions actions) {
  for (collector::Record& record : actions.records) outputs_.keep(std::move(record));
  for (const std::uint64_t token : actions.acknowledge) outputs_.acknowledge(token);
  for (LiveMessage& message : actions.live) outputs_.live(std::move(message));
  if (actions.days && outputs_.remember_days) outputs_.remember_days(std::move(*actions.days));
}

void CoreLoop::publish() {
  const Milliseconds now = clocks_now().monotonic;
  if (now >= next_cleaning_) {
    cleaning_ = core_.cleaning_figures();  // Looks at every point.
    next_cleaning_ = now + cleaning_interval;
  }
  figures_.set(
      {core_.stats(), core_.link(), health_.good(), health_.uncertain(), health_.bad(), cleaning_});
}

}  // namespace wl
