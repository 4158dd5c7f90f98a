// Orders to the collector through Redis, for a web process that has no run/live.sock.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cache/connection.hpp"
#include "model/live_message.hpp"
#include "model/live_order.hpp"

namespace wl::cache {

/// What travels on the channel of orders: `<answer id> <order>`, the order as on run/live.sock.
/// A channel and not a list: an order that no collector hears at once is gone, and can not be done
/// an hour after the person was told that it failed.
struct OrderRequest {
  std::string answer_id;  ///< 32 lower case hex digits: names the channel of the answer.
  LiveOrder order;
};

std::string request_text(const OrderRequest& request);
/// Strict, as decode_order().
Result<OrderRequest> read_request(std::string_view text);

/// The side of the web process: gives one order and waits for the answer, `patience` at most.
/// `unavailable`: no collector hears, or it says nothing in time; then nobody knows whether the
/// order was done, and giving it again harms nothing.
Result<LiveAnswer> give_order(RedisOptions options, LiveOrder order, Milliseconds patience);

/// The side of the collector: hears the orders of one installation. One thread uses it.
class OrderListener {
 public:
  static Result<std::unique_ptr<OrderListener>> open(const RedisOptions& options);

  /// Wait until it is readable, then take().
  int fd() const { return channel_->fd(); }
  /// What has come; what is no order is counted and dropped.
  Result<std::vector<OrderRequest>> take();
  std::uint64_t refused() const { return refused_; }

 private:
  explicit OrderListener(std::unique_ptr<Connection> channel) : channel_(std::move(channel)) {}

  std::unique_ptr<Connection> channel_;
  std::uint64_t refused_ = 0;
};

}  // namespace wl::cache
