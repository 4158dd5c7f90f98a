#include "opcua/recorder.hpp"

#include <set>

namespace wl::opcua {

ItemChange Recorder::Seen::last(std::uint32_t item) const {
  ItemChange found;
  for (const ItemChange& change : changes) {
    if (change.item == item) found = change;
  }
  return found;
}

std::vector<std::uint64_t> Recorder::Seen::numbers(std::uint32_t item) const {
  std::set<std::uint64_t> all;
  const auto take = [&](const std::vector<ItemChange>& from) {
    for (const ItemChange& change : from) {
      const auto* number = std::get_if<std::uint64_t>(&change.value.value);
      if (change.item == item && change.value.quality.is_good() && number) all.insert(*number);
    }
  };
  take(changes);
  for (const HistoryFill& fill : fills) take(fill.changes);
  return {all.begin(), all.end()};
}

HistoryFill::State Recorder::Seen::filled() const {
  return fills.empty() ? HistoryFill::State::more : fills.back().state;
}

SubscriberEvents Recorder::events_with_history() {
  SubscriberEvents all = events();
  all.on_history = [this](HistoryFill fill) {
    change([&](Seen& seen) { seen.fills.push_back(std::move(fill)); });
  };
  return all;
}

SubscriberEvents Recorder::events() {
  SubscriberEvents events;
  events.on_data = [this](Notification notification) {
    change([&](Seen& seen) {
      seen.changes.insert(seen.changes.end(), notification.changes.begin(),
                          notification.changes.end());
      seen.notifications.push_back(std::move(notification));
    });
  };
  events.on_alive = [this](Timestamp) { change([](Seen& seen) { ++seen.alive; }); };
  events.on_link = [this](LinkState state, const std::string& reason, Timestamp) {
    change([&](Seen& seen) { seen.links.emplace_back(state, reason); });
  };
  return events;
}

WriteResult Recorder::write_result() {
  return [this](Quality quality) {
    change([quality](Seen& seen) { seen.write_results.push_back(quality); });
  };
}

bool Recorder::wait(const std::function<bool(const Seen&)>& done, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return done(seen_); });
}

bool Recorder::wait_link(LinkState state, std::chrono::milliseconds limit) {
  return wait([state](const Seen& seen) { return !seen.links.empty() && seen.link() == state; },
              limit);
}

Recorder::Seen Recorder::seen() {
  const std::lock_guard lock(mutex_);
  return seen_;
}

void Recorder::change(const std::function<void(Seen&)>& how) {
  {
    const std::lock_guard lock(mutex_);
    how(seen_);
  }
  changed_.notify_all();
}

}  // namespace wl::opcua
