#include "apps/collector/core_loop.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace wl {
namespace {

collector::Now current() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return {wall_now(), std::chrono::duration_cast<Milliseconds>(since_boot)};
}

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

CoreLoop::CoreLoop(const Plant& plant, const collector::CoreOptions& options, CoreOutputs outputs)
    : outputs_(std::move(outputs)), core_(plant, options, current(), {&health_}) {
  publish();
  thread_ = std::thread([this] { run(); });
}

CoreLoop::~CoreLoop() {
  finish({});
}

void CoreLoop::post(CoreEvent event) {
  const bool may_be_lost = std::holds_alternative<collector::Delivery>(event) ||
                           std::holds_alternative<AliveEvent>(event);
  if (may_be_lost && events_.size() >= refuse_beyond) {
    lost_ = true;
    return;
  }
  events_.push(std::move(event));
}

bool CoreLoop::finish(Milliseconds patience) {
  if (thread_.joinable()) {
    patience_ms_ = patience.count();
    events_.push(StopEvent{});
    thread_.join();
  }
  return all_written_;
}

void CoreLoop::run() {
  Milliseconds give_up = Milliseconds::max();
  while (!(stopping_ && core_.idle()) && current().monotonic < give_up) {
    const auto due = std::min(core_.next_due(), give_up) - current().monotonic;
    const auto events = events_.drain(std::clamp(due, Milliseconds{1}, Milliseconds{1000}));
    if (lost_.exchange(false)) core_.on_input_lost(wall_now());
    const bool was_stopping = stopping_;
    for (const CoreEvent& event : events) handle(event);
    if (stopping_ && !was_stopping) give_up = current().monotonic + Milliseconds{patience_ms_};
    core_.on_time(current());
    perform(core_.take_actions());
    publish();
  }
  all_written_ = core_.idle();
}

void CoreLoop::handle(const CoreEvent& event) {
  std::visit(Overloaded{[&](const collector::Delivery& delivery) { core_.on_delivery(delivery); },
                        [&](const AliveEvent& alive) { core_.on_alive(alive.at); },
                        [&](const LinkEvent& link) {
                          if (link.up) {
                            core_.on_link_up(link.at);
                          } else {
                            core_.on_link_down(link.reason, link.at);
                          }
                        },
                        [&](const WriteDone& done) {
                          last_batch_took_ = done.took;
                          const bool failed_before = !core_.stats().write_error.empty();
                          if (done.error.empty()) {
                            core_.on_written(done.seq);
                            if (failed_before) spdlog::info("the database takes batches again");
                          } else {
                            core_.on_failed(done.seq, done.error, current());
                            if (!failed_before)
                              spdlog::error("{}; batches wait in memory", done.error);
                          }
                        },
                        [&](const StopEvent&) {
                          core_.on_stop(current());
                          stopping_ = true;
                        }},
             event);
}

void CoreLoop::perform(collector::Actions actions) {
  for (LiveMessage& message : actions.live) outputs_.live(std::move(message));
  if (actions.write) outputs_.write(std::move(actions.write));
  for (const std::uint64_t token : actions.acknowledge) outputs_.acknowledge(token);
}

void CoreLoop::publish() {
  figures_.set({core_.stats(), core_.link(), health_.good(), health_.uncertain(), health_.bad(),
                last_batch_took_});
}

}  // namespace wl
