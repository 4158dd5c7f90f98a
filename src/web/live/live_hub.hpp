// From the collector's feed to every WebSocket client.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "web/live/live_state.hpp"
#include "web/live/mailbox.hpp"

namespace wl::web {

/// One WebSocket connection, as the hub sees it. All calls on the loop's thread.
class PushClient {
 public:
  virtual ~PushClient() = default;
  /// False: it was not taken, too many alarms wait already. Push a snapshot in its place.
  virtual bool push(const Pushed& pushed) = 0;
  /// Says goodbye with `reason`; harmless when it is closing already.
  virtual void close(std::string_view reason) = 0;
  /// The session under which it was admitted.
  virtual const std::string& session() const = 0;
};

/// Keeps the live state and passes it on. Lives on the loop's thread.
class LiveHub {
 public:
  explicit LiveHub(Milliseconds stale_after) : state_(stale_after) {}

  /// Sends the snapshot; from then on the client gets every delta.
  void join(std::shared_ptr<PushClient> client, Timestamp now);
  void leave(const std::shared_ptr<PushClient>& client) { clients_.erase(client); }

  void on_message(LiveMessage message);
  void on_feed_lost(std::string reason, Timestamp now);
  /// Closes the clients of a session that ended.
  void end_session(const std::string& token_sha256, std::string_view reason);

  const LiveState& state() const { return state_; }
  std::size_t clients() const { return clients_.size(); }
  /// A copy: closing a client changes the set.
  std::set<std::shared_ptr<PushClient>> all() const { return clients_; }

 private:
  void broadcast(LiveMessage message);

  LiveState state_;
  std::set<std::shared_ptr<PushClient>> clients_;
};

}  // namespace wl::web
