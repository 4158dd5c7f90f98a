// A lossless OPC UA subscription: our own Publish loop that acknowledges only what is durable.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/value.hpp"
#include "opcua/security.hpp"

namespace wl::opcua {

struct SubscriberOptions {
  /// opc.tcp://host:port; several are redundant servers of the same nodes, tried in turn.
  std::vector<std::string> endpoint_urls;
  std::vector<std::string> node_ids;  ///< `ns=2;s=…`; index = item below.
  Milliseconds publishing_interval{50};
  Milliseconds timeout{3000};            ///< Connect and request time-out.
  Milliseconds max_backoff{1000};        ///< Cap of the reconnect delay (with jitter).
  std::uint32_t queue_size = 1'000;      ///< Per monitored item, on the server: 100 s of 100 ms.
  std::uint64_t reconnect_attempts = 0;  ///< 0 = for ever.
  /// Where on_history begins at the first connection: the end of what the consumer has from before
  /// its start. Empty: history is of no interest until the link was up once.
  std::optional<Timestamp> fill_from;
  ClientSecurity security;
};

/// One changed value. `item` indexes SubscriberOptions::node_ids.
struct ItemChange {
  std::uint32_t item = 0;
  DataValue value;
  bool overflow = false;  ///< The server's queue overflowed before this value: some were lost.
};

/// What one Publish or Republish response carried. It stays in the server's retransmission queue
/// until acknowledge(token). Token 0 needs none: a value that the Subscriber tells by itself.
struct Notification {
  std::uint64_t token = 0;
  Timestamp received_at{};
  std::vector<ItemChange> changes;
  /// With it everything is told that the server had to tell: the subscription is proven alive until
  /// `received_at`. False while older values are still on their way.
  bool is_current = true;
};

/// What happened in a time in which the subscription was not proven alive, or in which values of it
/// were lost. It comes in one or several parts with the same `from` and `to`; the last one says
/// whether the time is whole now. Nothing of it needs an acknowledgement.
struct HistoryFill {
  enum class State {
    more,      ///< Further parts follow.
    whole,     ///< Each change of [from, to) of every item has been delivered.
    not_whole  ///< Values may be missing; `reason` says why.
  };
  Timestamp from{};
  Timestamp to{};
  /// In the order of each item's source times. Many were delivered before: the same item with the
  /// same source time is the same change. They are older than what on_data brings, so they say
  /// nothing about the present. Empty when Republish brought all by on_data.
  std::vector<ItemChange> changes;
  State state = State::whole;
  std::string reason;  ///< Of `not_whole`, for people.
};

enum class LinkState { connecting, up, down };

/// Called on the Subscriber's thread: pass the value on, do not wait. All but on_history must be
/// set. When one throws, the link is dropped and made anew, and `down` is told until it is heard.
struct SubscriberEvents {
  std::function<void(Notification)> on_data;
  /// A publish response or keep-alive arrived, and nothing older is on its way: until `at` the
  /// subscription was proven alive.
  std::function<void(Timestamp at)> on_alive;
  /// `reason` names endpoint and cause when down. Items the server does not know are in `reason`
  /// of the `up` event and deliver Bad_NodeIdUnknown once (token 0: nothing to acknowledge).
  /// `connecting` comes once, from start(); a later `down` again only when the reason changed.
  std::function<void(LinkState, std::string reason, Timestamp at)> on_link;
  /// Optional: without it nobody reads history. After each `up` that follows a proof of life (or
  /// SubscriberOptions::fill_from) the time between is told once: at once when the subscription
  /// lived on and Republish brought all of it, else when the server's history has been read.
  std::function<void(HistoryFill)> on_history{};
};

/// Result of a write(): Good or what the server answered. On the Subscriber's thread.
using WriteResult = std::function<void(Quality)>;

/// Owns one thread and one UA_Client. Reconnects by itself with backoff; a half-open link is found
/// by 2.5 s of silence (keep-alives come each second). Within 90 s the old subscription is taken
/// back: what was lost on the way is republished, in order, and then each item that did not change
/// is told once more. A server that cannot be connected is followed by the next one, after a pause.
/// Started once.
class Subscriber {
 public:
  Subscriber(SubscriberOptions options, SubscriberEvents events);
  ~Subscriber();  ///< Stops.
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  void start();
  void stop();

  /// Any thread. The server of the link, or the one that is tried now.
  std::string endpoint_url() const;

  /// Any thread. The notification's data is durable (or needs not be): the server may forget it.
  void acknowledge(std::uint64_t token);

  /// Any thread. `type` is the server-side type of the node. Fails at once with
  /// Bad_NoCommunication while the link is down; at most 1,000 writes wait. `done` is called
  /// exactly once; from the caller's own thread when the write was not even queued: too many wait
  /// (Bad_TooManyOperations), stopped (Bad_NoCommunication) or no such item (Bad_NodeIdUnknown).
  void write(std::uint32_t item, const Value& value, DataType type, WriteResult done);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// One synchronous read over a connection of its own, for `wattline doctor` and tests. The error
/// says which step failed: name look-up, TCP, endpoint, session or the node.
Result<std::vector<DataValue>> read_once(const std::string& endpoint_url,
                                         const std::vector<std::string>& node_ids,
                                         Milliseconds timeout);

}  // namespace wl::opcua
