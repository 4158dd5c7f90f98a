// Orders to the collector over run/live.sock: acknowledge, shelve, look at the rules again.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/live_message.hpp"
#include "model/live_order.hpp"

namespace wl::web {

/// Gives one order at a time, on a connection of its own: one that stayed would have to read all
/// that the collector tells its readers, and a collector that was started again would be told late.
///
/// Blocks for `patience` at most, so it belongs to a desk's thread and never to the loop.
class OrderClient {
 public:
  explicit OrderClient(std::filesystem::path socket, Milliseconds patience = Milliseconds{1000})
      : path_(std::move(socket)), patience_(patience) {}

  /// The collector's answer, whether it did the order or refused it. The `ref` is chosen here.
  /// `unavailable`: it cannot be reached or says nothing in time; then nobody knows whether the
  /// order was done, and giving it again harms nothing.
  Result<LiveAnswer> give(LiveOrder order);

 private:
  std::filesystem::path path_;
  Milliseconds patience_;
  std::uint64_t last_ref_ = 0;
};

}  // namespace wl::web
