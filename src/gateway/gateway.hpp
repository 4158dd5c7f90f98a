// The gateway as a whole: all channels behind one OPC UA server, in the role of KEPServerEX.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/channel.hpp"
#include "gateway/gateway_config.hpp"
#include "opcua/server.hpp"

namespace wl::gateway {

struct GatewayOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4840;
  bool anonymous_may_write = false;
  opcua::ServerSecurity security{};
};

/// For status files.
struct GatewayHealth {
  bool all_up = false;
  std::string
      reason;  ///< Channel, endpoint and cause of the first that is not up, or of what it lacks.
  std::size_t tags = 0;
  std::size_t good = 0;
  std::uint64_t updates = 0;
  std::uint64_t dropped = 0;  ///< Updates lost because a thread was held up: 0 in a healthy system.
  std::uint64_t sessions = 0;
  std::uint64_t history_values =
      0;                          ///< For clients that were away: at most ten minutes of each tag.
  std::uint64_t history_cut = 0;  ///< Forgotten sooner, at the limit of 64 MB over all tags.
  /// Moves several times a second while the server's thread lives: only then the process may say
  /// that it lives, so that the supervisor ends one that hangs.
  std::uint64_t turns = 0;
};

/// Tag NodeId: `ns=2;s=<Channel>.<Device>.<Group>.<Tag>`; browse path likewise below Objects.
class Gateway {
 public:
  /// Throws StartError when the configuration cannot be served.
  Gateway(const GatewayConfig& config, const GatewayOptions& options);
  ~Gateway();  ///< Stops.
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// `unavailable` names address and port when they are taken.
  Result<void> start();
  void stop();

  GatewayHealth health() const;

 private:
  struct TagPlace {
    std::size_t channel;
    std::uint32_t tag;
  };

  void add_channel(const ChannelConfig& config);
  Quality on_write(opcua::VariableId variable, const Value& value);

  opcua::Server server_;
  std::vector<TagPlace> places_;  ///< By VariableId.
  std::vector<std::unique_ptr<Channel>> channels_;
};

}  // namespace wl::gateway
