#include "web/live/live_hub.hpp"

namespace wl::web {

void LiveHub::join(std::shared_ptr<PushClient> client, Timestamp now) {
  static_cast<void>(client->push(make_pushed(state_.snapshot(now))));  // It is always taken.
  clients_.insert(std::move(client));
}

void LiveHub::on_message(LiveMessage message) {
  if (message.type == LiveMessage::Type::answer) return;  // To an order, not for everybody.
  broadcast(state_.apply(std::move(message)));
}

void LiveHub::on_feed_lost(std::string reason, Timestamp now) {
  if (auto link = state_.feed_lost(std::move(reason), now)) broadcast(std::move(*link));
}

void LiveHub::end_session(const std::string& token_sha256, std::string_view reason) {
  for (const auto& client : all()) {
    if (client->session() == token_sha256) client->close(reason);
  }
}

void LiveHub::broadcast(LiveMessage message) {
  if (clients_.empty()) return;
  const Timestamp now = message.ts;
  const Pushed pushed = make_pushed(std::move(message));
  std::optional<Pushed> whole;
  for (const auto& client : clients_) {
    if (client->push(pushed)) continue;
    if (!whole) whole = make_pushed(state_.snapshot(now));
    static_cast<void>(client->push(*whole));
  }
}

}  // namespace wl::web
