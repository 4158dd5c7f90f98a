#include "opcua/server_config.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <open62541/server_config_default.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "opcua/access_control.hpp"
#include "opcua/open62541_log.hpp"
#include "opcua/open62541_value.hpp"
#include "opcua/security.hpp"

namespace wl::opcua {
namespace {

/// The library's defaults are partly unlimited (1.4.11 is older than its denial-of-service fixes).
void set_limits(UA_ServerConfig& config) {
  config.tcpBufSize = 1 << 16;
  config.tcpMaxMsgSize = 4 << 20;
  config.tcpMaxChunks = 128;
  config.maxSecureChannels = 110;
  config.maxSessions = 100;  // A client that died leaves its session for 90 s.
  config.maxSessionTimeout = 10 * 60 * 1000.0;
  config.maxNodesPerRead = 10'000;
  config.maxNodesPerWrite = 1'000;
  config.maxNodesPerMethodCall = 100;
  config.maxNodesPerBrowse = 10'000;
  config.maxNodesPerRegisterNodes = 10'000;
  config.maxNodesPerTranslateBrowsePathsToNodeIds = 10'000;
  config.maxNodesPerNodeManagement = 100;
  config.maxMonitoredItemsPerCall = 10'000;
  config.maxReferencesPerNode = 10'000;
  config.maxAsyncOperationQueueSize = 1'000;
  config.maxSubscriptions = 100;
  config.maxSubscriptionsPerSession = 10;
  config.maxMonitoredItems = 200'000;
  config.maxMonitoredItemsPerSubscription = 100'000;
  config.maxPublishReqPerSession = 100;
  config.maxRetransmissionQueueSize = 2'000;
  config.maxNotificationsPerPublish = 50'000;  // 0 would mean none for ever; 1,000 adds latency.
  config.maxEventsPerNode = 1'000;
  config.queueSizeLimits = {1, 10'000};
  config.publishingIntervalLimits = {20.0, 3'600'000.0};
  config.keepAliveCountLimits = {1, 10'000};
  config.lifeTimeCountLimits = {3, 30'000};
  // Every interval becomes 0, exception-based: any other one makes a timer for each item, whose
  // insertion is O(n), and loses values between two samples.
  config.samplingIntervalLimits = {0.0, 0.0};
}

std::string listen_url(const ServerOptions& options) {
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("opc.tcp://[{}]:{}", options.host, options.port)
                 : fmt::format("opc.tcp://{}:{}", options.host, options.port);
}

UA_StatusCode describe(UA_ServerConfig& config, const ServerOptions& options) {
  UA_ApplicationDescription& about = config.applicationDescription;
  UA_String_clear(&about.applicationUri);
  UA_LocalizedText_clear(&about.applicationName);
  about.applicationUri = UA_STRING_ALLOC(options.application_uri.c_str());
  about.applicationName = UA_LOCALIZEDTEXT_ALLOC("en", options.application_name.c_str());
  UA_Array_delete(config.serverUrls, config.serverUrlsSize, &UA_TYPES[UA_TYPES_STRING]);
  const std::string url = listen_url(options);
  UA_String view = ua_view(url);
  config.serverUrlsSize = 1;
  return UA_Array_copy(&view, 1, reinterpret_cast<void**>(&config.serverUrls),
                       &UA_TYPES[UA_TYPES_STRING]);
}

/// A client asks for the endpoints over a channel without protection: the policy is always there.
UA_StatusCode add_none(UA_ServerConfig& config, bool offers_none) {
  config.securityPolicyNoneDiscoveryOnly = !offers_none;
  const UA_StatusCode status = UA_ServerConfig_addSecurityPolicyNone(&config, nullptr);
  if (status != UA_STATUSCODE_GOOD || !offers_none) return status;
  return UA_ServerConfig_addEndpoint(&config, UA_SECURITY_POLICY_NONE_URI,
                                     UA_MESSAGESECURITYMODE_NONE);
}

UA_StatusCode add_secure(UA_ServerConfig& config, const OwnCertificate& own) {
  const UA_ByteString certificate = ua_view(own.certificate);
  const UA_ByteString key = ua_view(own.key);
  for (const auto add : {&UA_ServerConfig_addSecurityPolicyBasic256Sha256,
                         &UA_ServerConfig_addSecurityPolicyAes128Sha256RsaOaep,
                         &UA_ServerConfig_addSecurityPolicyAes256Sha256RsaPss}) {
    const UA_StatusCode status = add(&config, &certificate, &key);
    if (status != UA_STATUSCODE_GOOD) return status;
  }
  for (const auto policy : {SecurityPolicy::basic256sha256, SecurityPolicy::aes128_sha256_rsa_oaep,
                            SecurityPolicy::aes256_sha256_rsa_pss}) {
    for (const auto mode : {UA_MESSAGESECURITYMODE_SIGN, UA_MESSAGESECURITYMODE_SIGNANDENCRYPT}) {
      const std::string uri = security_policy_uri(policy);
      const UA_StatusCode status = UA_ServerConfig_addEndpoint(&config, ua_view(uri), mode);
      if (status != UA_STATUSCODE_GOOD) return status;
    }
  }
  return UA_STATUSCODE_GOOD;
}

AccessRules access_rules(const ServerOptions& options) {
  return {options.anonymous_may_write ? AnonymousAccess::read_write : AnonymousAccess::read,
          options.security.username, options.security.password};
}

UA_StatusCode fill(UA_ServerConfig& config, const ServerOptions& options,
                   const std::optional<OwnCertificate>& own) {
  UA_StatusCode status = UA_ServerConfig_setBasics_withPort(&config, options.port);
  if (status != UA_STATUSCODE_GOOD) return status;
  set_limits(config);
  // A variable has no value, only BadWaitingForInitialData, until its first update.
  config.allowEmptyVariables = UA_RULEHANDLING_ACCEPT;
  status = describe(config, options);
  if (status != UA_STATUSCODE_GOOD) return status;
  status = install_access_control(config, access_rules(options));
  if (status != UA_STATUSCODE_GOOD) return status;
  if (status != UA_STATUSCODE_GOOD) return status;
  status = add_none(config, options.security.offers_none);
  if (status != UA_STATUSCODE_GOOD || !own) return status;
  return add_secure(config, *own);
}

}  // namespace

Result<UA_ServerConfig> make_server_config(const ServerOptions& options, CertificateCheck& check) {
  std::optional<OwnCertificate> own;
  if (!options.security.pki_dir.empty()) {
    auto found = Pki(options.security.pki_dir)
                     .own(options.security.certificate_name, options.application_uri,
                          options.application_name);
    if (!found) return std::unexpected(found.error());
    own = std::move(*found);
  }
  UA_ServerConfig config;
  std::memset(&config, 0, sizeof config);
  config.logging = server_logger();
  const UA_StatusCode status = fill(config, options, own);
  if (own) {
    check.install(config.secureChannelPKI);
    check.install(config.sessionPKI);
  }
  if (status == UA_STATUSCODE_GOOD) return config;
  UA_ServerConfig_clean(&config);
  return fail(Errc::unavailable,
              fmt::format("the OPC UA server cannot be configured: {}", status_name(status)));
}

Result<void> probe_listen(const std::string& host, std::uint16_t port) {
  const std::string place = fmt::format("{}:{}", host, port);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) {
    return fail(Errc::unavailable,
                fmt::format("cannot listen on {}: {}", place, gai_strerror(code)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const bool ok = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 1) == 0;
  const int reason = errno;
  if (fd >= 0) close(fd);
  if (ok) return {};
  const auto errc = reason == EACCES ? Errc::permission : Errc::unavailable;
  const char* text = reason == EADDRINUSE ? "the port is in use" : std::strerror(reason);
  return fail(errc, fmt::format("cannot listen on {}: {}", place, text));
}

}  // namespace wl::opcua
