// One life of a subscription: connect, create, publish, until the connection breaks.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "opcua/publish_loop.hpp"
#include "opcua/subscriber.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {

/// The open62541 side of the Subscriber. One thread; make a new one for each connection. Nothing is
/// called back from inside the library but WriteResult; the rest is fetched by take_…().
class SubscriptionLink {
 public:
  enum class Step { connecting, creating_subscription, creating_items, live, broken };

  /// `publish_loop` outlives the link and carries the state that a reconnect must keep.
  SubscriptionLink(const SubscriberOptions& options, PublishLoop& publish_loop);

  void connect(SteadyTime now);
  /// One turn; waits at most `wait` for the network.
  void run(Milliseconds wait, SteadyTime now);

  Step step() const { return step_; }
  /// Why it is broken.
  const std::string& reason() const { return reason_; }
  /// Items that the server refused: in `live` and later, empty as a rule.
  const std::vector<ItemChange>& refused_items() const { return refused_; }

  std::deque<Notification> take_notifications() { return std::exchange(notifications_, {}); }
  /// True once after each publish response.
  bool take_alive() { return std::exchange(alive_, false); }

  void write(std::uint32_t item, const Value& value, DataType type, WriteResult done);

  /// Says good-bye to the server. Only while it still answers.
  void close();

 private:
  void advance(SteadyTime now);
  void create_subscription();
  void on_created(const UA_CreateSubscriptionResponse& response);
  void create_items();
  void on_items(std::size_t first, const UA_CreateMonitoredItemsResponse& response);
  void publish();
  void on_publish(const UA_PublishResponse& response);
  void decode(const UA_PublishResponse& response);
  void decode_changes(const UA_DataChangeNotification& changes, Notification& into);
  void fail_with(std::string reason);

  const SubscriberOptions& options_;
  PublishLoop& publish_loop_;
  Step step_ = Step::connecting;
  std::string reason_;
  SteadyTime deadline_{};  ///< Of connecting and creating.
  std::size_t items_done_ = 0;
  std::size_t items_requested_ = 0;
  std::vector<ItemChange> refused_;
  std::deque<Notification> notifications_;
  bool alive_ = false;
  UaClient client_;  ///< Last: its destructor still answers pending requests.
};

}  // namespace wl::opcua
