// One life of a subscription: connect, create, publish, until the connection breaks.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "opcua/history_reader.hpp"
#include "opcua/publish_loop.hpp"
#include "opcua/subscriber.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {

/// What outlives a connection, so that the next one can take the subscription back.
struct SubscriptionMemory {
  PublishLoop publish_loop;
  std::optional<SessionTicket> session;  ///< Nothing: begin a new session and subscription.
  std::string endpoint_url;              ///< Of the server that has the session.
  std::vector<ItemChange> refused;       ///< Items that the server refused; empty as a rule.
};

/// The open62541 side of the Subscriber. One thread; make a new one for each connection. Nothing is
/// called back from inside the library but WriteResult; the rest is fetched by take_…().
class SubscriptionLink {
 public:
  enum class Step {
    connecting,
    republishing,  ///< The old subscription is back: what the last connection lost comes first.
    creating_subscription,
    creating_items,
    live,
    broken
  };

  /// Takes the session of `memory` back when it belongs to `endpoint_url`, else begins anew.
  SubscriptionLink(const SubscriberOptions& options, std::string endpoint_url,
                   SubscriptionMemory& memory);

  void connect(SteadyTime now);
  /// One turn; waits at most `wait` for the network.
  void run(Milliseconds wait, SteadyTime now);

  Step step() const { return step_; }
  bool is_up() const { return step_ == Step::republishing || step_ == Step::live; }
  /// Why it is broken.
  const std::string& reason() const { return reason_; }
  /// The subscription is the one of the connection before: no item tells its value again.
  bool is_resumed() const { return resuming_; }
  /// The server did not know the old session or subscription any more: try again at once.
  bool is_session_forgotten() const { return session_forgotten_; }

  std::deque<Notification> take_notifications() { return std::exchange(notifications_, {}); }
  /// True once after each publish response.
  bool take_alive() { return std::exchange(alive_, false); }

  /// Reads the history of every item that the server knows. One at a time.
  void read_history(const HistoryRange& range);
  bool is_reading_history() const { return history_.is_busy(); }
  std::deque<HistoryFill> take_fills() { return history_.take_fills(); }

  void write(std::uint32_t item, const Value& value, DataType type, WriteResult done);

  /// Says good-bye to the server. Only while it still answers.
  void close();

 private:
  void advance(SteadyTime now);
  void on_session();
  void create_subscription();
  void on_created(const UA_CreateSubscriptionResponse& response);
  void create_items();
  void on_items(std::size_t first, const UA_CreateMonitoredItemsResponse& response);
  void become_live();
  void publish();
  void on_publish(std::uint64_t order_id, const UA_PublishResponse& response);
  void republish();
  void on_republish(std::uint32_t sequence, const UA_RepublishResponse& response);
  void deliver(Notification notification);
  Notification decode(const UA_NotificationMessage& message);
  void decode_changes(const UA_DataChangeNotification& changes, Notification& into);
  void forget_session();
  void fail_with(std::string reason);

  const SubscriberOptions& options_;
  const std::string endpoint_url_;
  SubscriptionMemory& memory_;
  PublishLoop& publish_loop_;
  bool resuming_ = false;
  bool session_forgotten_ = false;
  Step step_ = Step::connecting;
  std::string reason_;
  SteadyTime deadline_{};  ///< Of connecting and creating.
  std::size_t items_done_ = 0;
  std::size_t items_requested_ = 0;
  std::deque<Notification> notifications_;
  std::map<std::uint32_t, Notification> held_;  ///< By number: one before them is missing.
  bool alive_ = false;
  HistoryReader history_;
  UaClient client_;  ///< Last: its destructor still answers pending requests.
};

}  // namespace wl::opcua
