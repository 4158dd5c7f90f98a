// The collector's Subscriber on the simulated wire, around the product's own protocol machines.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "opcua/fill_plan.hpp"
#include "opcua/last_values.hpp"
#include "opcua/publish_loop.hpp"
#include "opcua/reconnect_policy.hpp"
#include "opcua/subscriber.hpp"
#include "tests/sim/link.hpp"

namespace wl::sim {

/// PublishLoop, FillPlan, LastValues and ReconnectPolicy are real and decide everything; this does
/// what Subscriber, SubscriptionLink and HistoryReader do between them and open62541.
class SimSubscriber {
 public:
  SimSubscriber(World& world, Link& link, std::uint64_t seed, opcua::SubscriberEvents events,
                std::optional<Timestamp> fill_from);

  void acknowledge(std::uint64_t token) { acknowledged_.push_back(token); }
  bool is_up() const { return step_ == Step::republishing || step_ == Step::live; }

  Milliseconds next_due() const;
  void turn();

 private:
  enum class Step { waiting, connecting, republishing, live };
  struct HistoryTask {
    std::uint32_t item = 0;
    bool is_first = true;
    std::optional<std::uint64_t> next;
  };

  void connect();
  void on_message(const Message& message);
  void on_connected(const ConnectAnswer& answer);
  void on_publish(const PublishAnswer& answer);
  void on_republish(const RepublishAnswer& answer);
  void on_history(const HistoryAnswer& answer);
  void take_history(const HistoryTask& task, const opcua::HistoryPage& page);
  void deliver(std::uint32_t sequence, const Changes& changes);
  void hand_on(opcua::Notification notification);
  void ask();
  void tell();
  void tell_history();
  void begin_reading(const opcua::HistoryRange& range);
  void ask_history();
  void finish_reading();
  void fail(const std::string& reason);
  void report(opcua::LinkState state, const std::string& reason);

  World& world_;
  Link& link_;
  Dice dice_;
  const opcua::SubscriberEvents events_;
  opcua::PublishLoop loop_;
  opcua::FillPlan plan_;
  opcua::LastValues last_values_{points};
  opcua::ReconnectPolicy policy_{Milliseconds{1000}, 0};

  Step step_ = Step::waiting;
  Milliseconds last_turn_{};
  Milliseconds until_{};  ///< Of waiting, or of connecting.
  std::uint64_t connection_ = 0;
  std::optional<std::uint64_t> session_;
  bool resumed_ = false;
  bool alive_ = false;
  std::map<std::uint32_t, opcua::Notification> held_;
  std::vector<std::uint64_t> acknowledged_;
  std::string reported_ = "-";

  std::optional<opcua::HistoryRange> reading_;
  std::deque<HistoryTask> tasks_;
  std::optional<HistoryTask> asked_;
  std::string doubt_;
};

}  // namespace wl::sim
