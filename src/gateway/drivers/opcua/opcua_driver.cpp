#include "gateway/drivers/opcua/opcua_driver.hpp"

#include <fmt/format.h>

namespace wl::gateway {
namespace {

/// Two hops of this length stay well below the 300 ms from the PLC to the browser.
constexpr Milliseconds publishing_interval{50};
/// How many scans of 100 ms the PLC keeps for us while the link hangs.
constexpr std::uint32_t queue_size = 600;
/// Tags must be Good again within 3 s after the device is back.
constexpr Milliseconds max_backoff{1000};

opcua::SubscriberOptions subscriber_options(const ChannelConfig& channel) {
  opcua::SubscriberOptions options;
  options.endpoint_urls = {channel.endpoint};
  options.publishing_interval = publishing_interval;
  options.max_backoff = max_backoff;
  options.queue_size = queue_size;
  for (const TagConfig& tag : channel.tags()) {
    options.node_ids.push_back(codesys_node_id(channel, tag));
  }
  return options;
}

}  // namespace

std::string codesys_node_id(const ChannelConfig& channel, const TagConfig& tag) {
  return fmt::format("ns=4;s=|var|{}.{}", channel.application_path, tag.address);
}

OpcuaDriver::OpcuaDriver(const ChannelConfig& channel, DriverEvents events)
    : events_(std::move(events)), subscriber_(subscriber_options(channel), subscriber_events()) {
  for (const TagConfig& tag : channel.tags()) types_.push_back(tag.type);
}

void OpcuaDriver::start() {
  subscriber_.start();
}

void OpcuaDriver::stop() {
  subscriber_.stop();
}

void OpcuaDriver::write(std::uint32_t tag, const Value& value, std::function<void(Quality)> done) {
  subscriber_.write(tag, value, types_.at(tag), std::move(done));
}

opcua::SubscriberEvents OpcuaDriver::subscriber_events() {
  opcua::SubscriberEvents events;
  events.on_data = [this](opcua::Notification notification) { on_data(std::move(notification)); };
  events.on_alive = [this](Timestamp at) { last_life_ = at; };
  events.on_link = [this](opcua::LinkState state, std::string reason, Timestamp at) {
    if (state == opcua::LinkState::up) events_.on_up(std::move(reason), at);
    // From the last sign of life on nothing is known, not only from when the silence is noticed.
    if (state == opcua::LinkState::down) {
      events_.on_down(std::move(reason), last_life_.value_or(at));
    }
  };
  return events;
}

void OpcuaDriver::on_data(opcua::Notification notification) {
  std::vector<DriverValue> values;
  values.reserve(notification.changes.size());
  for (auto& change : notification.changes) {
    values.push_back({change.item, std::move(change.value)});
  }
  events_.on_values(std::move(values));
  subscriber_.acknowledge(notification.token);
}

}  // namespace wl::gateway
