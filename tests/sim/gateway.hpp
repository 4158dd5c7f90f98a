// The simulated gateway: an OPC UA server with one subscription, as the collector meets it.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>

#include "tests/sim/link.hpp"

namespace wl::sim {

/// Limits as of the real one, smaller where a coarse plant would never reach them.
struct GatewayLimits {
  std::size_t item_queue = 60;      ///< Values of one item; then the oldest go, told as overflow.
  std::size_t retransmission = 64;  ///< Unacknowledged notifications; newer ones are not kept.
  std::size_t changes = 100;        ///< In one notification.
  Milliseconds lifetime{90'000};    ///< Of a subscription that nobody asks.
  Milliseconds history{600'000};
};

/// The history is the product's own HistoryRing. One session at a time, as the collector has one.
class Gateway {
 public:
  explicit Gateway(World& world, Link& link) : world_(world), link_(link) { forget(); }

  /// A value of the PLC.
  void take(PointId point, DataValue value);
  void lose_plc();

  void kill(Milliseconds down);
  void hang(Milliseconds time) { hung_until_ = world_.clock.now + time; }
  bool listens() const { return up(); }

  Milliseconds next_due() const;
  void turn();

 private:
  struct Queued {
    DataValue value;
    bool overflow = false;
  };
  struct Session {
    std::uint64_t id = 0;
    std::uint32_t subscription = 0;
    std::uint32_t next_sequence = 1;
    std::array<std::deque<Queued>, points> queues;
    std::map<std::uint32_t, Changes> unacknowledged;
    std::deque<std::uint64_t> requests;  ///< Publish requests that wait for an answer.
    Milliseconds last_asked{};
    Milliseconds last_sent{};
  };

  bool up() const { return world_.clock.now >= down_until_; }
  bool hung() const { return world_.clock.now < hung_until_; }
  bool has_values() const;
  void forget();
  void refuse();
  void keep(PointId point, const DataValue& value);
  void on_message(const Message& message);
  void on_connect(const ConnectRequest& request);
  void on_publish(const PublishRequest& request);
  void on_republish(const RepublishRequest& request);
  void on_history(const HistoryRequest& request);
  void publish();
  void send_notification();
  void answer(std::variant<ConnectAnswer, PublishAnswer, RepublishAnswer, HistoryAnswer> body);

  World& world_;
  Link& link_;
  const GatewayLimits limits_;
  std::optional<opcua::HistoryRing> history_;
  std::array<std::optional<DataValue>, points> values_;
  std::deque<std::pair<PointId, DataValue>> from_plc_;  ///< While it hangs.
  std::optional<Session> session_;
  std::uint64_t connection_ = 0;  ///< 0: none.
  std::uint64_t last_session_ = 0;
  std::uint32_t last_subscription_ = 0;
  Milliseconds down_until_{};
  Milliseconds hung_until_{};
};

}  // namespace wl::sim
