// The demo line on its virtual clock, as the gateway would give it to the subscription.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "apps/collector/day_file.hpp"
#include "apps/collector/feed_input.hpp"
#include "apps/collector/replay_source.hpp"
#include "base/stop_signal.hpp"

namespace wl::bench {

/// plant.json of a folder of configurations.
Plant read_plant(const std::filesystem::path& config);
/// Of its derived points, in its time zone.
collector::DayCounters day_counters(const Plant& plant);

/// A feed of `wattline-plc --virtual --feed`, through the gateway's TagPipelines. Throws when it
/// makes no sense. `plant` may have more points than the feed serves.
class LineFeed {
 public:
  /// `input`: a file, or `-`. Reads up to the first scan.
  LineFeed(const Plant& plant, const std::filesystem::path& config, const std::string& input);

  Timestamp first() const { return reader_.head().first; }
  /// The changes of all scans up to `to`. Nothing is left when ended() is true.
  std::vector<collector::PointChange> up_to(Timestamp to);
  bool ended() const { return ended_; }

 private:
  FeedReader::Line read();

  StopSignal stop_;
  FeedInput input_;
  FeedReader reader_;
  std::unique_ptr<ReplaySource> source_;
  bool ended_ = false;
};

}  // namespace wl::bench
