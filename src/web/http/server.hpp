// The HTTP server: sockets in, Requests out.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "web/http/message.hpp"
#include "web/http/service.hpp"
#include "web/http/tls_context.hpp"

namespace wl::web {

/// Every limit, and what happens at it.
struct ServerLimits {
  std::size_t connections = 8192;           ///< The one that was idle longest makes room, if any.
  std::uint32_t header_bytes = 8192;        ///< 431
  std::uint64_t body_bytes = 128 << 10;     ///< 413
  std::chrono::seconds idle{60};            ///< Between two requests: closed.
  std::chrono::seconds header_read{10};     ///< Of a request, or a TLS handshake: closed.
  std::chrono::seconds body_read{30};       ///< closed.
  std::chrono::seconds write{30};           ///< For one response: closed.
  std::chrono::seconds handler{15};         ///< 503
  std::chrono::seconds websocket_idle{30};  ///< A ping after half of it, closed after it.
  std::chrono::seconds drain{5};            ///< At stop(), for what is being answered.
};

/// For the status file and /metrics.
struct ServerFigures {
  std::uint64_t requests = 0;
  std::uint64_t server_errors = 0;  ///< 5xx
  std::size_t connections = 0;
  std::uint64_t refused_connections = 0;  ///< Above the limit.
  std::uint64_t tls_failures = 0;
  /// Until when the certificate is valid, seconds of Unix time; nothing without TLS.
  std::optional<std::int64_t> tls_valid_until;
  double p50_ms = 0;  ///< Request read to response ready, over the last 1,024.
  double p99_ms = 0;
};

/// One thread (the one in run()) serves every connection: it is the strand of them all, and owns
/// the Service. A connection is one coroutine; pipelined requests wait for their turn.
class Server {
 public:
  /// Binds at once. Throws StartError that names address, port and .env key when it cannot.
  Server(const std::string& host, std::uint16_t port, ServerLimits limits = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The bound port: what was asked for, or the free one that 0 stood for.
  std::uint16_t port() const;
  /// How other threads hand tasks to the loop. Valid as long as the Server.
  PostToLoop loop() const;
  /// Speaks HTTPS only from now on. Before run().
  void use_tls(TlsContext context);
  /// Looks whether the certificate's files have changed; see TlsContext::renew(). Loop's thread.
  void renew_tls();
  /// Serves until stop(), then drains and returns. A task that throws is logged, no more.
  void run(Service& service);
  /// From any thread: no new connections; idle ones close, busy ones finish their answer,
  /// WebSockets are told to go away; after ServerLimits::drain the rest is cut.
  void stop();
  /// Loop's thread.
  ServerFigures figures() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wl::web
