#include <fmt/format.h>
#include <netdb.h>
#include <open62541/client.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "opcua/open62541_value.hpp"
#include "opcua/subscriber.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {
namespace {

using Clock = std::chrono::steady_clock;

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

/// Name look-up and TCP, each with its own message: the library tells both as one.
Result<void> check_reachable(const EndpointAddress& address, Milliseconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (code != 0) {
    return fail(Errc::unavailable,
                fmt::format("name look-up of '{}': {}", address.host, gai_strerror(code)));
  }
  std::string reason;
  for (const addrinfo* each = found; each; each = each->ai_next) {
    reason = try_tcp(*each, timeout);
    if (reason.empty()) break;
  }
  freeaddrinfo(found);
  if (reason.empty()) return {};
  return fail(Errc::unavailable,
              fmt::format("TCP to {}:{}: {}", address.host, address.port, reason));
}

Result<void> open_session(UaClient& client, const std::string& endpoint_url, Milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  UA_StatusCode status = client.connect(endpoint_url);
  while (status == UA_STATUSCODE_GOOD && !client.is_active()) {
    if (Clock::now() >= until) status = UA_STATUSCODE_BADTIMEOUT;
    if (status == UA_STATUSCODE_GOOD) status = client.run(Milliseconds{10});
  }
  if (status == UA_STATUSCODE_GOOD) return {};
  UA_SecureChannelState channel = UA_SECURECHANNELSTATE_CLOSED;
  UA_Client_getState(client.raw(), &channel, nullptr, nullptr);
  const char* step = channel == UA_SECURECHANNELSTATE_OPEN ? "session at" : "OPC UA endpoint";
  std::string cause = client.take_cause();
  if (!cause.empty()) cause = " (" + cause + ")";
  return fail(Errc::unavailable,
              fmt::format("{} {}: {}{}", step, endpoint_url, status_name(status), cause));
}

Result<std::vector<UaNodeId>> parse_ids(const std::vector<std::string>& node_ids) {
  std::vector<UaNodeId> ids;
  for (const std::string& text : node_ids) {
    auto id = parse_node_id(text);
    if (!id) return fail(Errc::invalid_argument, fmt::format("'{}' is no NodeId", text));
    ids.push_back(std::move(*id));
  }
  return ids;
}

/// No value and a status that says that there never will be one: the node is the broken step.
bool is_missing(const UA_DataValue& value) {
  return value.hasStatus && (value.status == UA_STATUSCODE_BADNODEIDUNKNOWN ||
                             value.status == UA_STATUSCODE_BADNODEIDINVALID ||
                             value.status == UA_STATUSCODE_BADATTRIBUTEIDINVALID);
}

Result<std::vector<DataValue>> read_values(UaClient& client,
                                           const std::vector<std::string>& node_ids) {
  const auto ids = parse_ids(node_ids);
  if (!ids) return std::unexpected(ids.error());
  std::vector<UA_ReadValueId> wanted(ids->size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    UA_ReadValueId_init(&wanted[i]);
    wanted[i].nodeId = *(*ids)[i];
    wanted[i].attributeId = UA_ATTRIBUTEID_VALUE;
  }
  UA_ReadRequest request;
  UA_ReadRequest_init(&request);
  request.timestampsToReturn = UA_TIMESTAMPSTORETURN_BOTH;
  request.nodesToRead = wanted.data();
  request.nodesToReadSize = wanted.size();
  UaOwned<UA_ReadResponse, UA_TYPES_READRESPONSE> response;
  *response = UA_Client_Service_read(client.raw(), request);
  const UA_StatusCode status = response->responseHeader.serviceResult;
  if (status != UA_STATUSCODE_GOOD || response->resultsSize != wanted.size()) {
    return fail(Errc::unavailable, fmt::format("read: {}", status_name(status)));
  }
  std::vector<DataValue> values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (is_missing(response->results[i])) {
      return fail(Errc::not_found, fmt::format("node {}: {}", node_ids[i],
                                               status_name(response->results[i].status)));
    }
    values.push_back(from_ua(response->results[i], wall_now()));
  }
  return values;
}

}  // namespace

Result<std::vector<DataValue>> read_once(const std::string& endpoint_url,
                                         const std::vector<std::string>& node_ids,
                                         Milliseconds timeout) {
  const auto address = parse_endpoint(endpoint_url);
  if (!address) return std::unexpected(address.error());
  const Result<void> reachable = check_reachable(*address, timeout);
  if (!reachable) return std::unexpected(reachable.error());
  UaClient client(timeout);
  const Result<void> session = open_session(client, endpoint_url, timeout);
  if (!session) return std::unexpected(session.error());
  if (node_ids.empty()) return std::vector<DataValue>{};
  auto values = read_values(client, node_ids);
  if (values) client.disconnect();
  return values;
}

}  // namespace wl::opcua
