#include "tests/sim/link.hpp"

#include <algorithm>

namespace wl::sim {

void Link::set(State state) {
  if (state == State::cut) reset();
  state_ = state;
}

/// `connection` 0 speaks of whatever connection there is.
void Link::reset() {
  towards_gateway_.clear();
  towards_collector_.clear();
  towards_gateway_.push_back({world_.clock.now, {0, ConnectionClosed{}}});
  towards_collector_.push_back({world_.clock.now, {0, ConnectionClosed{}}});
}

void Link::to_collector(Message message) {
  const auto* answer = std::get_if<PublishAnswer>(&message.body);
  const bool twice = duplicates_ > 0 && answer && answer->summary.has_data;
  if (twice) {
    --duplicates_;
    world_.faults.add(Fault::link_duplicates);
    send(towards_collector_, message);
  }
  send(towards_collector_, std::move(message));
}

void Link::send(Way& way, Message message) {
  if (state_ != State::up) return;
  Milliseconds at = world_.clock.now + (low_ == high_ ? low_ : dice_.between(low_, high_));
  if (!way.empty()) at = std::max(at, way.back().at);
  way.push_back({at, std::move(message)});
}

std::vector<Message> Link::arrived(Way& way) {
  std::vector<Message> messages;
  while (!way.empty() && way.front().at <= world_.clock.now) {
    messages.push_back(std::move(way.front().message));
    way.pop_front();
  }
  return messages;
}

}  // namespace wl::sim
