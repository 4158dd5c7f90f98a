// The tags of gateway.json by their full name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/gateway_config.hpp"

namespace wl::plant_check {

class TagIndex {
 public:
  explicit TagIndex(const gateway::GatewayConfig& config);

  /// Null when there is none. Lives as long as this.
  const gateway::TagConfig* find(const std::string& path) const;
  std::optional<std::string> nearest_to(std::string_view path) const;

 private:
  std::map<std::string, gateway::TagConfig, std::less<>> tags_;
};

}  // namespace wl::plant_check
