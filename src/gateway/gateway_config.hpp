// config/gateway.json as values: channels, devices, groups and tags in the words of KEPServerEX.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/value.hpp"

namespace wl::gateway {

enum class TagAccess { read, read_write };

/// Linear: the raw range is mapped to the engineering range; values outside follow the same line.
struct Scaling {
  double raw_low = 0;
  double raw_high = 1;  ///< Differs from raw_low.
  double low = 0;
  double high = 1;  ///< Differs from low.

  double to_engineering(double raw) const;
  double to_raw(double engineering) const;
};

/// One tag. `path` is its name for clients: `Channel.Device.Group.Tag`, NodeId ns=2;s=<path>.
struct TagConfig {
  std::string name;
  std::string path;
  std::string address;  ///< As the channel's driver understands it: `PLC_PRG.rConveyorPower`.
  DataType type = DataType::float64;
  TagAccess access = TagAccess::read;
  Milliseconds scan{1000};  ///< No two values of the tag come closer than this on average.
  std::string description;
  std::string unit;
  std::optional<Scaling> scaling;
  double deadband = 0;  ///< A change smaller than this is not passed on. In the tag's unit.
};

struct TagGroupConfig {
  std::string name;
  std::vector<TagConfig> tags;
};

struct GatewayDeviceConfig {
  std::string name;
  std::vector<TagGroupConfig> groups;
};

/// One driver on one link.
struct ChannelConfig {
  std::string name;
  std::string driver;    ///< `opcua`.
  std::string endpoint;  ///< `opc.tcp://host:port`, variables replaced.
  std::string application_path = "Wattline.Application";  ///< What stands before each address.
  std::vector<GatewayDeviceConfig> devices;

  /// All tags in file order: their index is the tag's number within the channel.
  std::vector<TagConfig> tags() const;
};

struct GatewayConfig {
  std::vector<ChannelConfig> channels;

  std::size_t tag_count() const;
};

/// Reads gateway.json. `${NAME}` in an endpoint is replaced by `variables`. The error lists every
/// mistake as `file:line: path: reason`.
Result<GatewayConfig> parse_gateway_config(std::string text, const std::string& file_name,
                                           const std::map<std::string, std::string>& variables);

}  // namespace wl::gateway
