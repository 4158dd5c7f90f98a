// What a channel asks of its driver: values of addresses come in, writes go out.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/value.hpp"

namespace wl::gateway {

/// `tag` indexes the tags given to the driver.
struct DriverValue {
  std::uint32_t tag = 0;
  DataValue value;
};

/// Called on the driver's thread, in order. All must be set; pass on, do not wait.
struct DriverEvents {
  std::function<void(std::vector<DriverValue>)> on_values;
  /// The device answers: all its values follow.
  std::function<void(std::string detail, Timestamp at)> on_up;
  /// The device is lost; `reason` names endpoint and cause.
  std::function<void(std::string reason, Timestamp at)> on_down;
};

/// One link to one or more devices. Reconnects by itself. Started once.
class Driver {
 public:
  virtual ~Driver() = default;
  virtual void start() = 0;
  /// No event comes after the return.
  virtual void stop() = 0;

  /// Any thread. `done` gets the device's answer exactly once; Bad_NoCommunication when it is lost.
  virtual void write(std::uint32_t tag, const Value& value, std::function<void(Quality)> done) = 0;
};

struct ChannelConfig;

/// The driver that `channel.driver` names. Throws StartError for an unknown one.
std::unique_ptr<Driver> make_driver(const ChannelConfig& channel, DriverEvents events);

}  // namespace wl::gateway
