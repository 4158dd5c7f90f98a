#include "opcua/recorder.hpp"

namespace wl::opcua {

ItemChange Recorder::Seen::last(std::uint32_t item) const {
  ItemChange found;
  for (const ItemChange& change : changes) {
    if (change.item == item) found = change;
  }
  return found;
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
