#include "opcua/ua_client.hpp"

#include <fmt/format.h>
#include <open62541/client_config_default.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/log.hpp"

namespace wl::opcua {
namespace {

/// After this time without us the server forgets the session and its subscriptions.
constexpr double session_timeout_ms = 90'000;
/// To one attempt belong: the first one, one to the URL that the server names itself, one with the
/// wanted security policy and one when that URL does not answer. A fifth is a loop.
constexpr int max_connections = 4;
/// A hung server must not hold up our own end.
constexpr UA_UInt32 goodbye_ms = 1'000;

void configure(UA_ClientConfig& config, Milliseconds timeout) {
  config.timeout = static_cast<UA_UInt32>(timeout.count());
  config.requestedSessionTimeout = static_cast<UA_UInt32>(session_timeout_ms);
  config.noReconnect = false;             // Until connected: it may have to change the endpoint.
  config.noNewSession = true;             // A new session has no subscription: ours to make.
  config.outStandingPublishRequests = 0;  // We publish ourselves.
  config.securityMode = UA_MESSAGESECURITYMODE_NONE;
  config.localConnectionConfig.recvBufferSize = 1 << 16;
  config.localConnectionConfig.sendBufferSize = 1 << 16;
  config.localConnectionConfig.localMaxMessageSize = 16 << 20;
  config.localConnectionConfig.localMaxChunkCount = 512;
}

}  // namespace

struct UaClient::Pending {
  std::function<void(const void*)> done;
  UaClient& owner;
};

void UaClient::on_response(UA_Client*, void* pending, UA_UInt32, void* response) {
  const std::unique_ptr<Pending> taken(static_cast<Pending*>(pending));
  try {
    taken->done(response);
  } catch (const std::exception& error) {  // Must not pass through the library.
    spdlog::error("opcua client: a response was lost: {}", error.what());
    taken->owner.response_lost_ = true;
  }
}

void UaClient::Deleter::operator()(UA_Client* client) const noexcept {
  // First the channel, without a word to the server: closing the session waits for an answer, and
  // a hung server gives none.
  UA_Client_disconnectSecureChannel(client);
  UA_Client_delete(client);
}

SessionTicket SessionTicket::clone() const {
  SessionTicket copy;
  if (UA_NodeId_copy(&*token, copy.token.get()) != UA_STATUSCODE_GOOD ||
      UA_ByteString_copy(&*nonce, copy.nonce.get()) != UA_STATUSCODE_GOOD) {
    throw std::bad_alloc();
  }
  return copy;
}

UaClient::UaClient(Milliseconds timeout) {
  UA_ClientConfig config;
  std::memset(&config, 0, sizeof config);
  config.logging = log_.logger();
  if (UA_ClientConfig_setDefault(&config) != UA_STATUSCODE_GOOD) throw std::bad_alloc();
  configure(config, timeout);
  config.clientContext = this;
  config.stateCallback = on_state;
  client_.reset(UA_Client_newWithConfig(&config));
  if (!client_) throw std::bad_alloc();
}

UaClient::~UaClient() = default;

UA_StatusCode UaClient::connect(const std::string& endpoint_url) {
  return UA_Client_connectAsync(client_.get(), endpoint_url.c_str());
}

UA_StatusCode UaClient::connect(const std::string& endpoint_url, SessionTicket ticket) {
  ticket_ = std::move(ticket);
  return UA_Client_connectSecureChannelAsync(client_.get(), endpoint_url.c_str());
}

UA_StatusCode UaClient::run(Milliseconds wait) {
  UA_StatusCode status = UA_Client_run_iterate(client_.get(), static_cast<UA_UInt32>(wait.count()));
  if (status == UA_STATUSCODE_GOOD && ticket_ && knows_endpoint()) status = activate();
  return response_lost_ ? UA_STATUSCODE_BADINTERNALERROR : status;
}

/// The channel is open with the endpoint that the library has chosen.
bool UaClient::knows_endpoint() const {
  UA_SecureChannelState channel = UA_SECURECHANNELSTATE_CLOSED;
  UA_Client_getState(client_.get(), &channel, nullptr, nullptr);
  if (channel != UA_SECURECHANNELSTATE_OPEN) return false;
  UA_Variant about;
  UA_Variant_init(&about);
  static char name[] = "serverDescription";
  const UA_StatusCode status =
      UA_Client_getConnectionAttribute(client_.get(), UA_QUALIFIEDNAME(0, name), &about);
  if (status != UA_STATUSCODE_GOOD || !about.data) return false;
  return static_cast<const UA_ApplicationDescription*>(about.data)->applicationUri.length > 0;
}

UA_StatusCode UaClient::activate() {
  const SessionTicket ticket = std::move(*ticket_);
  ticket_.reset();
  return UA_Client_activateSessionAsync(client_.get(), *ticket.token, *ticket.nonce);
}

/// Once there is a session the library must not reconnect: it tries thousands of times a second.
void UaClient::on_state(UA_Client* client, UA_SecureChannelState channel, UA_SessionState session,
                        UA_StatusCode) {
  UA_ClientConfig* config = UA_Client_getConfig(client);
  auto& self = *static_cast<UaClient*>(config->clientContext);
  if (channel == UA_SECURECHANNELSTATE_CONNECTING) ++self.connections_;
  if (session == UA_SESSIONSTATE_ACTIVATED || self.connections_ >= max_connections) {
    config->noReconnect = true;
  }
}

bool UaClient::is_active() const {
  UA_SessionState session = UA_SESSIONSTATE_CLOSED;
  UA_Client_getState(client_.get(), nullptr, &session, nullptr);
  return session == UA_SESSIONSTATE_ACTIVATED;
}

std::optional<SessionTicket> UaClient::ticket() const {
  SessionTicket ticket;
  if (!is_active()) return std::nullopt;
  const UA_StatusCode status = UA_Client_getSessionAuthenticationToken(
      client_.get(), ticket.token.get(), ticket.nonce.get());
  if (status != UA_STATUSCODE_GOOD) return std::nullopt;
  return ticket;
}

UA_StatusCode UaClient::call(const void* request, const UA_DataType& request_type,
                             const UA_DataType& response_type,
                             std::function<void(const void*)> done) {
  auto owner = std::make_unique<Pending>(std::move(done), *this);
  const UA_StatusCode status = __UA_Client_AsyncService(
      client_.get(), request, &request_type, on_response, &response_type, owner.get(), nullptr);
  if (status == UA_STATUSCODE_GOOD) owner.release();
  return status;
}

void UaClient::disconnect() {
  UA_ClientConfig* config = UA_Client_getConfig(client_.get());
  config->timeout = std::min(config->timeout, goodbye_ms);
  UA_Client_disconnect(client_.get());
}

Result<EndpointAddress> parse_endpoint(const std::string& endpoint_url) {
  UA_String host{};
  UA_String path{};
  EndpointAddress address;
  UA_UInt16 port = 0;
  const UA_String url = ua_view(endpoint_url);
  if (UA_parseEndpointUrl(&url, &host, &port, &path) != UA_STATUSCODE_GOOD || host.length == 0) {
    return fail(
        Errc::invalid_argument,
        fmt::format("'{}' is no OPC UA endpoint; expected opc.tcp://host:port", endpoint_url));
  }
  address.host = to_std(host);
  if (port != 0) address.port = port;
  return address;
}

}  // namespace wl::opcua
