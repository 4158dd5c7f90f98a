#include "apps/collector/replay_source.hpp"

#include <algorithm>
#include <cctype>

#include "apps/collector/tag_map.hpp"

namespace wl {
namespace {

/// Identifiers of IEC 61131-3 are compared without case.
std::string folded(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  return text;
}

std::optional<gateway::TagConfig> find_tag(const gateway::GatewayConfig& gateway,
                                           const std::string& node_id) {
  for (const gateway::ChannelConfig& channel : gateway.channels) {
    for (const gateway::TagConfig& tag : channel.tags())
      if ("ns=2;s=" + tag.path == node_id) return tag;
  }
  return std::nullopt;
}

}  // namespace

ReplaySource::ReplaySource(const Plant& plant, const gateway::GatewayConfig& gateway,
                           const FeedHead& feed)
    : of_variable_(feed.variables.size()) {
  const TagMap tags = map_tags(plant);
  for (std::size_t item = 0; item < tags.node_ids.size(); ++item) {
    const auto tag = find_tag(gateway, tags.node_ids[item]);
    const std::string address = tag ? folded(tag->address) : "";
    const auto variable = std::ranges::find_if(feed.variables, [&](const FeedVariable& candidate) {
      return folded(candidate.path) == address;
    });
    if (!tag || variable == feed.variables.end()) {
      unserved_.push_back(tags.node_ids[item]);
      continue;
    }
    of_variable_[static_cast<std::size_t>(variable - feed.variables.begin())].push_back(
        fed_.size());
    fed_.push_back({gateway::TagPipeline(*tag), tags.points[item]});
  }
}

void ReplaySource::take(Timestamp time, const std::vector<FeedChange>& changes) {
  // The gateway's channel wakes up for a withheld value before it hears of the next one.
  for (Fed& fed : fed_) {
    if (const auto due = fed.pipeline.due(); due && *due <= time)
      pass_on(fed, fed.pipeline.on_time(time));
  }
  for (const FeedChange& change : changes) {
    for (const std::size_t index : of_variable_[change.variable]) {
      Fed& fed = fed_[index];
      pass_on(fed, fed.pipeline.on_value({change.value, quality::good, time}, time));
    }
  }
}

void ReplaySource::pass_on(const Fed& fed, const std::optional<DataValue>& value) {
  if (!value) return;
  for (const PointId point : fed.points) changes_.push_back({point, *value, false});
}

}  // namespace wl
