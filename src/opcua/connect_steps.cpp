#include "opcua/connect_steps.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

using Clock = std::chrono::steady_clock;
using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Result<AddressList> addresses_of(const EndpointAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (code == 0) return AddressList(found, &freeaddrinfo);
  return fail(Errc::unavailable,
              fmt::format("name look-up of '{}': {}", address.host, gai_strerror(code)));
}

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  const int code = getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(),
                               nullptr, 0, NI_NUMERICHOST);
  return code == 0 ? text.data() : "?";
}

/// Nothing when a TCP connection can be made; otherwise why not.
std::string try_tcp(const addrinfo& address, Milliseconds timeout) {
  const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::strerror(errno);
  int reason = 0;
  if (connect(fd, address.ai_addr, address.ai_addrlen) != 0) {
    reason = errno;
    pollfd waiting{fd, POLLOUT, 0};
    if (reason == EINPROGRESS) {
      socklen_t size = sizeof reason;
      const int ready = poll(&waiting, 1, static_cast<int>(timeout.count()));
      if (ready <= 0) {
        reason = ETIMEDOUT;
      } else {
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size);
      }
    }
  }
  close(fd);
  return reason == 0 ? std::string{} : std::strerror(reason);
}

std::string after_hash(const std::string& uri) {
  return uri.substr(uri.find('#') + 1);
}

std::string mode_name(UA_MessageSecurityMode mode) {
  switch (mode) {
    case UA_MESSAGESECURITYMODE_NONE:
      return "None";
    case UA_MESSAGESECURITYMODE_SIGN:
      return "Sign";
    case UA_MESSAGESECURITYMODE_SIGNANDENCRYPT:
      return "SignAndEncrypt";
    default:
      return "invalid";
  }
}

EndpointOffer offer_of(const UA_EndpointDescription& endpoint) {
  EndpointOffer offer;
  offer.policy = after_hash(to_std(endpoint.securityPolicyUri));
  offer.mode = mode_name(endpoint.securityMode);
  offer.application_uri = to_std(endpoint.server.applicationUri);
  offer.certificate = to_std(endpoint.serverCertificate);
  for (std::size_t i = 0; i < endpoint.userIdentityTokensSize; ++i) {
    const UA_UserTokenType type = endpoint.userIdentityTokens[i].tokenType;
    offer.anonymous = offer.anonymous || type == UA_USERTOKENTYPE_ANONYMOUS;
    offer.user_name = offer.user_name || type == UA_USERTOKENTYPE_USERNAME;
  }
  return offer;
}

bool is_channel_open(UaClient& client) {
  UA_SecureChannelState channel = UA_SECURECHANNELSTATE_CLOSED;
  UA_Client_getState(client.raw(), &channel, nullptr, nullptr);
  return channel == UA_SECURECHANNELSTATE_OPEN;
}

std::string with_cause(UaClient& client, UA_StatusCode status) {
  const std::string cause = client.take_cause();
  return cause.empty() ? status_name(status) : fmt::format("{} ({})", status_name(status), cause);
}

/// Asks as soon as the channel is open, before the library may close it for want of an endpoint
/// that it likes.
UA_StatusCode ask_endpoints(UaClient& client, const std::string& endpoint_url,
                            std::optional<std::vector<EndpointOffer>>& offers) {
  UA_GetEndpointsRequest request;
  UA_GetEndpointsRequest_init(&request);
  request.endpointUrl = ua_view(endpoint_url);
  return client.call(&request, UA_TYPES[UA_TYPES_GETENDPOINTSREQUEST],
                     UA_TYPES[UA_TYPES_GETENDPOINTSRESPONSE], [&offers](const void* raw) {
                       const auto& response = *static_cast<const UA_GetEndpointsResponse*>(raw);
                       if (response.responseHeader.serviceResult != UA_STATUSCODE_GOOD) return;
                       offers.emplace();
                       for (std::size_t i = 0; i < response.endpointsSize; ++i) {
                         offers->push_back(offer_of(response.endpoints[i]));
                       }
                     });
}

}  // namespace

Result<std::vector<std::string>> look_up(const EndpointAddress& address) {
  const auto found = addresses_of(address);
  if (!found) return std::unexpected(found.error());
  std::vector<std::string> all;
  for (const addrinfo* each = found->get(); each; each = each->ai_next) {
    std::string text = text_of(*each);
    if (std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
  }
  return all;
}

Result<void> reach_tcp(const EndpointAddress& address, Milliseconds timeout) {
  const auto found = addresses_of(address);
  if (!found) return std::unexpected(found.error());
  std::string reason;
  for (const addrinfo* each = found->get(); each; each = each->ai_next) {
    reason = try_tcp(*each, timeout);
    if (reason.empty()) return {};
  }
  return fail(Errc::unavailable,
              fmt::format("TCP to {}:{}: {}", address.host, address.port, reason));
}

Result<void> open_session(UaClient& client, const std::string& endpoint_url, Milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  bool was_open = false;
  UA_StatusCode status = client.connect(endpoint_url);
  while (status == UA_STATUSCODE_GOOD && !client.is_active()) {
    if (Clock::now() >= until) status = UA_STATUSCODE_BADTIMEOUT;
    if (status == UA_STATUSCODE_GOOD) status = client.run(Milliseconds{10});
    was_open = was_open || is_channel_open(client);
  }
  if (status == UA_STATUSCODE_GOOD) status = client.run(Milliseconds{0});
  if (status == UA_STATUSCODE_GOOD) return {};
  const char* step = was_open ? "session at" : "OPC UA endpoint";
  return fail(Errc::unavailable,
              fmt::format("{} {}: {}", step, endpoint_url, with_cause(client, status)));
}

Result<std::vector<EndpointOffer>> list_endpoints(const std::string& endpoint_url,
                                                  Milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  std::optional<std::vector<EndpointOffer>> offers;
  UaClient client(timeout);
  UA_StatusCode status = client.connect(endpoint_url);
  bool asked = false;
  while (status == UA_STATUSCODE_GOOD && !offers) {
    if (Clock::now() >= until) status = UA_STATUSCODE_BADTIMEOUT;
    if (status == UA_STATUSCODE_GOOD) status = client.run(Milliseconds{10});
    if (status != UA_STATUSCODE_GOOD || asked || !is_channel_open(client)) continue;
    status = ask_endpoints(client, endpoint_url, offers);
    asked = status == UA_STATUSCODE_GOOD;
  }
  if (offers) return *offers;
  return fail(Errc::unavailable,
              fmt::format("OPC UA endpoint {}: {}", endpoint_url, with_cause(client, status)));
}

}  // namespace wl::opcua
