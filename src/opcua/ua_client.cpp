#include "opcua/ua_client.hpp"

#include <fmt/format.h>
#include <open62541/client_config_default.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

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

void describe_us(UA_ApplicationDescription& about, const ClientSecurity& security) {
  UA_String_clear(&about.applicationUri);
  UA_LocalizedText_clear(&about.applicationName);
  about.applicationUri = UA_STRING_ALLOC(security.application_uri.c_str());
  about.applicationName = UA_LOCALIZEDTEXT_ALLOC("en", security.application_name.c_str());
}

UA_MessageSecurityMode ua_mode(SecurityMode mode) {
  switch (mode) {
    case SecurityMode::sign:
      return UA_MESSAGESECURITYMODE_SIGN;
    case SecurityMode::sign_and_encrypt:
      return UA_MESSAGESECURITYMODE_SIGNANDENCRYPT;
    default:
      return UA_MESSAGESECURITYMODE_NONE;
  }
}

/// Our keys have no password. The library would ask for one at the terminal.
UA_StatusCode no_password(UA_ClientConfig*, UA_ByteString*) {
  return UA_STATUSCODE_BADSECURITYCHECKSFAILED;
}

/// The defaults, with our certificate for all policies when it is needed.
UA_StatusCode begin(UA_ClientConfig& config, const ClientSecurity& security) {
  if (!security.needs_certificate()) return UA_ClientConfig_setDefault(&config);
  const auto own =
      Pki(security.pki_dir)
          .own(security.certificate_name, security.application_uri, security.application_name);
  if (!own) throw StartError(own.error().what);
  config.privateKeyPasswordCallback = no_password;
  return UA_ClientConfig_setDefaultEncryption(&config, ua_view(own->certificate), ua_view(own->key),
                                              nullptr, 0, nullptr, 0);
}

/// Exactly this, or no endpoint fits: never a fallback.
void protect(UA_ClientConfig& config, const ClientSecurity& security) {
  config.securityMode = ua_mode(security.mode);
  UA_String_clear(&config.securityPolicyUri);
  config.securityPolicyUri = UA_STRING_ALLOC(security_policy_uri(security.policy).c_str());
  describe_us(config.clientDescription, security);
  if (security.username.empty()) return;
  UA_ClientConfig_setAuthenticationUsername(&config, security.username.c_str(),
                                            security.password.c_str());
}

void configure(UA_ClientConfig& config, Milliseconds timeout) {
  config.timeout = static_cast<UA_UInt32>(timeout.count());
  config.requestedSessionTimeout = static_cast<UA_UInt32>(session_timeout_ms);
  config.noReconnect = false;             // Until connected: it may have to change the endpoint.
  config.noNewSession = true;             // A new session has no subscription: ours to make.
  config.outStandingPublishRequests = 0;  // We publish ourselves.
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

UaClient::UaClient(Milliseconds timeout, ClientSecurity security) : security_(std::move(security)) {
  UA_ClientConfig config;
  std::memset(&config, 0, sizeof config);
  config.logging = log_.logger();
  if (begin(config, security_) != UA_STATUSCODE_GOOD) {
    UA_ClientConfig_clear(&config);
    throw StartError("the OPC UA client cannot be configured");
  }
  configure(config, timeout);
  protect(config, security_);
  if (security_.needs_certificate()) {
    check_.emplace(Pki(security_.pki_dir), [this](const std::string& why) { refusal_ = why; });
    check_->install(config.certificateVerification);
  }
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
  errno = 0;  // The loop takes a signal's old EINTR for news, and turns without waiting.
  UA_StatusCode status = UA_Client_run_iterate(client_.get(), static_cast<UA_UInt32>(wait.count()));
  if (status == UA_STATUSCODE_GOOD && ticket_ && knows_endpoint()) status = activate();
  if (status == UA_STATUSCODE_GOOD && !is_uri_checked_ && is_active()) status = check_server_uri();
  return response_lost_ ? UA_STATUSCODE_BADINTERNALERROR : status;
}

/// Of the endpoint that the library has chosen; empty while there is none.
std::string UaClient::server_uri() const {
  UA_Variant about;
  UA_Variant_init(&about);
  static char name[] = "serverDescription";
  const UA_StatusCode status =
      UA_Client_getConnectionAttribute(client_.get(), UA_QUALIFIEDNAME(0, name), &about);
  if (status != UA_STATUSCODE_GOOD || !about.data) return {};
  return to_std(static_cast<const UA_ApplicationDescription*>(about.data)->applicationUri);
}

/// The channel is open with that endpoint.
bool UaClient::knows_endpoint() const {
  UA_SecureChannelState channel = UA_SECURECHANNELSTATE_CLOSED;
  UA_Client_getState(client_.get(), &channel, nullptr, nullptr);
  return channel == UA_SECURECHANNELSTATE_OPEN && !server_uri().empty();
}

/// IEC 62541-4, 6.1.3: the certificate must name the application that the endpoint claims to be.
UA_StatusCode UaClient::check_server_uri() {
  is_uri_checked_ = true;
  if (security_.policy == SecurityPolicy::none) return UA_STATUSCODE_GOOD;
  const CertificateVerdict verdict = check_->check_uri(server_uri());
  if (verdict.fault == CertificateFault::none) return UA_STATUSCODE_GOOD;
  refusal_ = verdict.reason;
  return UA_STATUSCODE_BADCERTIFICATEURIINVALID;
}

std::string UaClient::take_cause() {
  std::string complaint = log_.take_cause();
  if (!refusal_.empty()) return std::exchange(refusal_, {});
  if (complaint != "No suitable endpoint found") return complaint;
  return fmt::format(
      "the server offers no endpoint with policy {} and mode {} for {} login; "
      "wattline-collector --test-connection lists what it offers",
      security_policy_name(security_.policy), security_mode_name(security_.mode),
      security_.username.empty() ? "anonymous" : "user name");
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
