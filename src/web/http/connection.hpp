// Internal to the server: one client from its first byte to its last.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <set>

#include "web/http/latency_window.hpp"
#include "web/http/server.hpp"
#include "web/http/tls_context.hpp"

namespace wl::web {

/// A connection as the server sees it. Signs on to ServerState::connections and off again.
class OpenConnection {
 public:
  virtual ~OpenConnection() = default;
  /// Until the client, a limit or a stop ends it.
  virtual boost::asio::awaitable<void> serve() = 0;
  /// Ends it when it waits for a request; a busy one sees `ServerState::draining` by itself.
  virtual void drain() = 0;
  /// Since when it has waited for a request; nothing while it has one.
  virtual std::optional<std::chrono::steady_clock::time_point> idle_since() const = 0;
};

/// What all connections share; loop's thread only.
struct ServerState {
  ServerLimits limits;
  Service* service = nullptr;
  std::optional<TlsContext> tls;  ///< Nothing: plain HTTP.
  std::set<OpenConnection*> connections;
  std::set<std::shared_ptr<PushClient>> live;
  std::uint64_t requests = 0;
  std::uint64_t server_errors = 0;
  std::uint64_t refused_connections = 0;  ///< ServerLimits::connections was reached, none was idle.
  std::uint64_t tls_failures = 0;         ///< Handshakes that came to nothing.
  LatencyWindow latency;
  bool draining = false;
};

std::unique_ptr<OpenConnection> open_connection(boost::asio::ip::tcp::socket socket,
                                                ServerState& state);

}  // namespace wl::web
