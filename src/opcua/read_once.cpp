#include <fmt/format.h>
#include <open62541/client.h>

#include "opcua/connect_steps.hpp"
#include "opcua/open62541_value.hpp"
#include "opcua/subscriber.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {
namespace {

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
  const Result<void> reachable = reach_tcp(*address, timeout);
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
