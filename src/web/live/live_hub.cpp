#include "web/live/live_hub.hpp"

#include <fmt/format.h>

#include <random>

#include "web/live/live_group.hpp"

namespace wl::web {
namespace {

std::string random_epoch() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

}  // namespace

LiveHub::LiveHub(Milliseconds stale_after, LiveNames names)
    : state_(stale_after), names_(std::move(names)), epoch_(random_epoch()) {}

LiveHub::~LiveHub() {
  for (const auto& [subscription, group] : groups_) {
    for (const auto& client : group->clients) client->seat() = {};
  }
}

LiveGroup& LiveHub::group_of(const Subscription& subscription) {
  auto& group = groups_[subscription];
  if (!group) group = std::make_unique<LiveGroup>(subscription, epoch_);
  return *group;
}

void LiveHub::enter(std::shared_ptr<PushClient> client, LiveGroup& group) {
  client->seat() = {this, &group, group.clients.size()};
  group.clients.push_back(std::move(client));
  ++figures_.clients;
}

/// The last one takes the empty place, so that nobody has to be searched or moved.
std::shared_ptr<PushClient> LiveHub::take_out(PushClient& client) {
  const LiveSeat seat = std::exchange(client.seat(), {});
  auto& clients = seat.group->clients;
  const std::shared_ptr<PushClient> taken = std::move(clients[seat.place]);
  if (seat.place + 1 < clients.size()) {
    clients[seat.place] = std::move(clients.back());
    clients[seat.place]->seat().place = seat.place;
  }
  clients.pop_back();
  --figures_.clients;
  if (clients.empty()) groups_.erase(Subscription(seat.group->subscription()));
  return taken;
}

void LiveHub::join(std::shared_ptr<PushClient> client, Timestamp now) {
  PushClient& joined = *client;
  enter(std::move(client), group_of(joined.wish().subscription));
  welcome(joined, now);
}

void LiveHub::welcome(PushClient& client, Timestamp now) {
  LiveGroup& group = *client.seat().group;
  if (const auto& resume = client.wish().resume) {
    const auto missed = resume->epoch == group.epoch()
                            ? group.missed_since(resume->seq, state_, now)
                            : std::nullopt;
    ++(missed ? figures_.resumed : figures_.not_resumed);
    if (missed) {
      static_cast<void>(client.push(*missed));  // The first one is always taken.
      return;
    }
  }
  ++figures_.snapshots;
  static_cast<void>(client.push(group.snapshot(state_, now)));  // Likewise.
}

void LiveHub::leave(const std::shared_ptr<PushClient>& client) {
  if (client->seat().hub == this) take_out(*client);
}

void LiveHub::subscribe(PushClient& client, const Subscription& wanted, Timestamp now) {
  if (client.seat().hub != this) return;
  auto taken = take_out(client);
  LiveGroup& group = group_of(wanted);
  enter(std::move(taken), group);
  ++figures_.snapshots;
  static_cast<void>(client.push(group.snapshot(state_, now)));
}

void LiveHub::on_message(LiveMessage message) {
  if (message.type == LiveMessage::Type::answer) return;  // To an order, not for everybody.
  broadcast(state_.apply(std::move(message)));
}

void LiveHub::on_feed_lost(std::string reason, Timestamp now) {
  if (const auto link = state_.feed_lost(std::move(reason), now)) broadcast(*link);
}

void LiveHub::on_source(std::string source, std::string note) {
  figures_.source = std::move(source);
  figures_.source_note = std::move(note);
}

void LiveHub::end_session(const std::string& token_sha256, std::string_view reason) {
  for (const auto& [subscription, group] : groups_) {
    for (const auto& client : group->clients) {
      if (client->session() == token_sha256) client->close(reason);
    }
  }
}

LiveFigures LiveHub::figures() const {
  LiveFigures figures = figures_;
  figures.groups = groups_.size();
  return figures;
}

void LiveHub::broadcast(const LiveMessage& message) {
  ++figures_.broadcasts;
  for (const auto& [subscription, group] : groups_) {
    const auto pushed = group->part_of(message);
    if (!pushed) continue;
    for (const auto& client : group->clients) {
      if (client->push(*pushed)) continue;
      static_cast<void>(client->push(group->snapshot(state_, message.ts)));
    }
  }
}

}  // namespace wl::web
