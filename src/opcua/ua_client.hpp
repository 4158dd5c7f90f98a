// A UA_Client with our configuration: one connection attempt and the session that it gives.
#pragma once

#include <open62541/client.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "opcua/certificate_check.hpp"
#include "opcua/open62541_log.hpp"
#include "opcua/open62541_value.hpp"
#include "opcua/security.hpp"

namespace wl::opcua {

/// What activates an existing session over another connection (IEC 62541-4, 5.6.3). The nonce is
/// new after each activation.
struct SessionTicket {
  UaNodeId token;
  UaByteString nonce;

  SessionTicket clone() const;
};

/// One thread. Never reconnects by itself: drop it and make another. All limits against a malicious
/// server are set.
class UaClient {
 public:
  /// `timeout` bounds each request. Throws StartError when our own certificate is needed and cannot
  /// be had; it is made on first use.
  explicit UaClient(Milliseconds timeout, ClientSecurity security = {});
  ~UaClient();
  UaClient(const UaClient&) = delete;
  UaClient& operator=(const UaClient&) = delete;

  /// Begins to connect; run() carries it on. Fails at once for a bad URL or an unknown host.
  UA_StatusCode connect(const std::string& endpoint_url);
  /// The same, but takes back the session of `ticket`, with what lives in it. BadSessionIdInvalid
  /// from run() when the server has forgotten it.
  UA_StatusCode connect(const std::string& endpoint_url, SessionTicket ticket);
  /// One turn of the event loop: at most `wait` for the network, then what arrived is handled.
  /// Not Good: the connection is lost or could not be made.
  UA_StatusCode run(Milliseconds wait);
  /// The session is usable.
  bool is_active() const;
  /// Takes the session over to the next connection. Nothing unless it is active.
  std::optional<SessionTicket> ticket() const;

  /// Sends a request. `done` gets the response exactly once, from run() or from the destructor
  /// (then with BadShutdown). When it throws, that run() and all later ones return
  /// BadInternalError: the response was lost on our side, so the connection must go.
  /// Not Good: nothing was sent and nobody is called.
  UA_StatusCode call(const void* request, const UA_DataType& request_type,
                     const UA_DataType& response_type, std::function<void(const void*)> done);

  UA_Client* raw() { return client_.get(); }
  /// Why the connection could not be had, as a person reads it: what is wrong with the server's
  /// certificate or its endpoints, otherwise the newest complaint of the library.
  std::string take_cause();

  /// Closes the session properly; waits for the server, at most the time-out and at most 1 s.
  void disconnect();

 private:
  struct Deleter {
    void operator()(UA_Client* client) const noexcept;
  };
  struct Pending;

  static void on_response(UA_Client* client, void* pending, UA_UInt32 request, void* response);
  static void on_state(UA_Client* client, UA_SecureChannelState channel, UA_SessionState session,
                       UA_StatusCode status);

  std::string server_uri() const;
  bool knows_endpoint() const;
  UA_StatusCode activate();
  UA_StatusCode check_server_uri();

  const ClientSecurity security_;
  ClientLog log_;
  std::string refusal_;  ///< Of the server's certificate.
  std::optional<CertificateCheck> check_;
  bool is_uri_checked_ = false;
  std::optional<SessionTicket> ticket_;  ///< To activate as soon as the channel is open.
  int connections_ = 0;
  bool response_lost_ = false;
  std::unique_ptr<UA_Client, Deleter> client_;  ///< Last: deleting it answers what is pending.
};

/// The host and port of `opc.tcp://host:port/path`; port 4840 when none is given.
struct EndpointAddress {
  std::string host;
  std::uint16_t port = 4840;
};
Result<EndpointAddress> parse_endpoint(const std::string& endpoint_url);

}  // namespace wl::opcua
