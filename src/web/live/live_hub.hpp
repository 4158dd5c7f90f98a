// From the collector's feed to every WebSocket client.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "web/live/live_state.hpp"
#include "web/live/live_wish.hpp"
#include "web/live/mailbox.hpp"

namespace wl::web {

class LiveHub;
class LiveGroup;

/// Where a client sits; for the hub alone to change.
struct LiveSeat {
  LiveHub* hub = nullptr;  ///< Null before it joined and after it left.
  LiveGroup* group = nullptr;
  std::size_t place = 0;
};

/// One WebSocket connection, as the hub sees it. All calls on the loop's thread. push() and close()
/// only note what is to be done: neither joins nor leaves before they return.
class PushClient {
 public:
  virtual ~PushClient() = default;
  /// False: it was not taken, too many alarms wait already. Push a snapshot in its place.
  virtual bool push(const Pushed& pushed) = 0;
  /// Says goodbye with `reason`; harmless when it is closing already.
  virtual void close(std::string_view reason) = 0;
  /// The session under which it was admitted.
  virtual const std::string& session() const = 0;
  /// What it asked for in its handshake.
  virtual const LiveWish& wish() const = 0;

  LiveSeat& seat() { return seat_; }

 private:
  LiveSeat seat_;
};

/// For status and metrics, since the start.
struct LiveFigures {
  std::size_t clients = 0;
  std::size_t groups = 0;         ///< Different subscriptions.
  std::uint64_t broadcasts = 0;   ///< Messages of the feed that went to the clients.
  std::uint64_t snapshots = 0;    ///< Sent to one client, at a start or a new subscription.
  std::uint64_t resumed = 0;      ///< Clients that came back and got only what they missed.
  std::uint64_t not_resumed = 0;  ///< Wanted to, and got a snapshot.
  std::uint64_t bad_messages = 0;
  std::uint64_t stalled = 0;  ///< Cut because they did not read.
  std::string source;         ///< Where the values come from: `live.sock`, `redis`.
  std::string source_note;    ///< Why not from where they should; empty when all is well.
};

/// Keeps the live state and passes it on. Lives on the loop's thread.
///
/// Clients with the same subscription form a group: a message is cut and encoded once for each
/// group and shared by its clients, whose own cost is then two pointers and a write.
class LiveHub {
 public:
  LiveHub(Milliseconds stale_after, LiveNames names);
  ~LiveHub();
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  /// Sends what it missed, or the snapshot; from then on the client gets every delta.
  void join(std::shared_ptr<PushClient> client, Timestamp now);
  void leave(const std::shared_ptr<PushClient>& client);
  /// Another part of the line from now on; answered by a snapshot of it.
  void subscribe(PushClient& client, const Subscription& wanted, Timestamp now);

  void on_message(LiveMessage message);
  void on_feed_lost(std::string reason, Timestamp now);
  /// Where the feed comes from, for figures().
  void on_source(std::string source, std::string note);
  /// Closes the clients of a session that ended.
  void end_session(const std::string& token_sha256, std::string_view reason);

  const LiveState& state() const { return state_; }
  const LiveNames& names() const { return names_; }
  std::size_t clients() const { return figures_.clients; }
  LiveFigures figures() const;

  void count_bad_message() { ++figures_.bad_messages; }
  void count_stalled() { ++figures_.stalled; }

 private:
  LiveGroup& group_of(const Subscription& subscription);
  void enter(std::shared_ptr<PushClient> client, LiveGroup& group);
  std::shared_ptr<PushClient> take_out(PushClient& client);
  void welcome(PushClient& client, Timestamp now);
  void broadcast(const LiveMessage& message);

  LiveState state_;
  const LiveNames names_;
  const std::string epoch_;  ///< Of this process: random.
  std::map<Subscription, std::unique_ptr<LiveGroup>> groups_;
  LiveFigures figures_;
};

}  // namespace wl::web
