#include "opcua/ua_client.hpp"

#include <fmt/format.h>
#include <open62541/client_config_default.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "base/log.hpp"
#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

/// After this time without us the server forgets the session and its subscriptions.
constexpr double session_timeout_ms = 30'000;
/// A hung server must not hold up our own end.
constexpr UA_UInt32 goodbye_ms = 1'000;

void configure(UA_ClientConfig& config, Milliseconds timeout) {
  config.timeout = static_cast<UA_UInt32>(timeout.count());
  config.requestedSessionTimeout = static_cast<UA_UInt32>(session_timeout_ms);
  config.noReconnect = true;              // The library tries thousands of times a second.
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

UaClient::UaClient(Milliseconds timeout) {
  UA_ClientConfig config;
  std::memset(&config, 0, sizeof config);
  config.logging = log_.logger();
  if (UA_ClientConfig_setDefault(&config) != UA_STATUSCODE_GOOD) throw std::bad_alloc();
  configure(config, timeout);
  client_.reset(UA_Client_newWithConfig(&config));
  if (!client_) throw std::bad_alloc();
}

UaClient::~UaClient() = default;

UA_StatusCode UaClient::connect(const std::string& endpoint_url) {
  return UA_Client_connectAsync(client_.get(), endpoint_url.c_str());
}

UA_StatusCode UaClient::run(Milliseconds wait) {
  const UA_StatusCode status =
      UA_Client_run_iterate(client_.get(), static_cast<UA_UInt32>(wait.count()));
  return response_lost_ ? UA_STATUSCODE_BADINTERNALERROR : status;
}

bool UaClient::is_active() const {
  UA_SessionState session = UA_SESSIONSTATE_CLOSED;
  UA_Client_getState(client_.get(), nullptr, &session, nullptr);
  return session == UA_SESSIONSTATE_ACTIVATED;
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
