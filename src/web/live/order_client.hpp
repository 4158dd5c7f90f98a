// Orders to the collector: acknowledge, shelve, look at the rules again.
#pragma once

#include <filesystem>
#include <functional>
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
  /// Another way to the collector (through Redis), for a machine where run/live.sock is not.
  using OtherWay = std::function<Result<LiveAnswer>(LiveOrder order, Milliseconds patience)>;

  explicit OrderClient(std::filesystem::path socket, Milliseconds patience = Milliseconds{1000},
                       OtherWay other_way = {})
      : path_(std::move(socket)), patience_(patience), other_way_(std::move(other_way)) {}

  /// Over run/live.sock; the other way only when nobody can be reached there, so that no order is
  /// given twice. The collector's answer, whether it did the order or refused it. The `ref` is
  /// chosen here. `unavailable`: it cannot be reached or says nothing in time; then nobody knows
  /// whether the order was done, and giving it again harms nothing.
  Result<LiveAnswer> give(LiveOrder order);

 private:
  std::filesystem::path path_;
  Milliseconds patience_;
  OtherWay other_way_;
  std::uint64_t last_ref_ = 0;
};

}  // namespace wl::web
