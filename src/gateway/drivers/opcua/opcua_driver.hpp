// Driver `opcua`: a PLC that serves its variables by OPC UA with NodeIds as CODESYS makes them.
#pragma once

#include <optional>

#include "gateway/driver.hpp"
#include "gateway/gateway_config.hpp"
#include "opcua/subscriber.hpp"

namespace wl::gateway {

/// NodeId of a tag: `ns=4;s=|var|<application path>.<address>`.
std::string codesys_node_id(const ChannelConfig& channel, const TagConfig& tag);

/// A thin layer over opcua::Subscriber. Values are acknowledged at once: what this process lost by
/// ending lies in a gap that the collector sees. What a broken link lost comes by Republish, late.
class OpcuaDriver : public Driver {
 public:
  OpcuaDriver(const ChannelConfig& channel, DriverEvents events);

  void start() override;
  void stop() override;
  void write(std::uint32_t tag, const Value& value, std::function<void(Quality)> done) override;

 private:
  opcua::SubscriberEvents subscriber_events();
  void on_data(opcua::Notification notification);

  DriverEvents events_;
  std::vector<DataType> types_;
  std::optional<Timestamp> last_life_;  ///< Of the subscriber's thread.
  opcua::Subscriber subscriber_;
};

}  // namespace wl::gateway
