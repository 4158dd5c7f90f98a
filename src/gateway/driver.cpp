#include "gateway/driver.hpp"

#include <fmt/format.h>

#include "base/result.hpp"
#include "gateway/drivers/opcua/opcua_driver.hpp"
#include "gateway/gateway_config.hpp"

namespace wl::gateway {

std::unique_ptr<Driver> make_driver(const ChannelConfig& channel, DriverEvents events) {
  if (channel.driver == "opcua") return std::make_unique<OpcuaDriver>(channel, std::move(events));
  throw StartError(fmt::format("channel {}: unknown driver '{}'", channel.name, channel.driver));
}

}  // namespace wl::gateway
