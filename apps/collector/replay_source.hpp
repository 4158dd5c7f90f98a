// From the variables of a PLC's feed to changes of points, as gateway and subscription would give
// them.
#pragma once

#include <vector>

#include "collector/core.hpp"
#include "gateway/gateway_config.hpp"
#include "gateway/tag_pipeline.hpp"
#include "model/feed.hpp"

namespace wl {

/// Each tag that a point of the plant takes goes through the gateway's own TagPipeline: scan rate,
/// scaling, type and deadband are those of gateway.json. Time is that of the feed. Pure.
class ReplaySource {
 public:
  ReplaySource(const Plant& plant, const gateway::GatewayConfig& gateway, const FeedHead& feed);

  /// Tags of plant.json that no variable of the feed serves: those points stay empty.
  const std::vector<std::string>& unserved() const { return unserved_; }

  /// One scan of the feed. Scans come in order.
  void take(Timestamp time, const std::vector<FeedChange>& changes);

  /// What the subscription would have delivered by now: a second of it at most. Gives it out once.
  std::vector<collector::PointChange> deliver() { return std::exchange(changes_, {}); }

 private:
  struct Fed {
    gateway::TagPipeline pipeline;
    std::vector<PointId> points;
  };
  void pass_on(const Fed& fed, const std::optional<DataValue>& value);

  std::vector<Fed> fed_;
  std::vector<std::vector<std::size_t>> of_variable_;  ///< Indexes into fed_.
  std::vector<std::string> unserved_;
  std::vector<collector::PointChange> changes_;
};

}  // namespace wl
