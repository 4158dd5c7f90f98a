#include "opcua/node_access.hpp"

#include <fmt/format.h>
#include <open62541/client.h>

#include <array>

#include "opcua/open62541_value.hpp"

namespace wl::opcua {
namespace {

constexpr std::array all_types{DataType::boolean, DataType::sbyte,   DataType::byte,
                               DataType::int16,   DataType::uint16,  DataType::int32,
                               DataType::uint32,  DataType::int64,   DataType::uint64,
                               DataType::float32, DataType::float64, DataType::string};

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

std::optional<DataType> type_of(const UA_DataValue& value) {
  if (!value.hasValue || !value.value.type || !UA_Variant_isScalar(&value.value)) {
    return std::nullopt;
  }
  for (const DataType type : all_types) {
    if (UA_TYPES[ua_type_index(type)].typeKind == value.value.type->typeKind) return type;
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<NodeValue>> read_nodes(UaClient& client,
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
  std::vector<NodeValue> values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const UA_DataValue& result = response->results[i];
    if (is_missing(result)) {
      return fail(Errc::not_found,
                  fmt::format("node {}: {}", node_ids[i], status_name(result.status)));
    }
    values.push_back({from_ua(result, wall_now()), type_of(result)});
  }
  return values;
}

UA_StatusCode write_node(UaClient& client, const std::string& node_id, const Value& value,
                         DataType type) {
  const auto node = parse_node_id(node_id);
  const UaDataValue wish = to_ua({value, quality::good, {}}, type);
  if (!node || !wish->hasValue) return UA_STATUSCODE_BADTYPEMISMATCH;
  UA_WriteValue target;
  UA_WriteValue_init(&target);
  target.nodeId = **node;
  target.attributeId = UA_ATTRIBUTEID_VALUE;
  target.value.hasValue = true;  // Many servers refuse a status or a time.
  target.value.value = wish->value;
  UA_WriteRequest request;
  UA_WriteRequest_init(&request);
  request.nodesToWrite = &target;
  request.nodesToWriteSize = 1;
  UaOwned<UA_WriteResponse, UA_TYPES_WRITERESPONSE> response;
  *response = UA_Client_Service_write(client.raw(), request);
  const UA_StatusCode status = response->responseHeader.serviceResult;
  if (status != UA_STATUSCODE_GOOD) return status;
  return response->resultsSize == 1 ? response->results[0] : UA_STATUSCODE_BADUNEXPECTEDERROR;
}

}  // namespace wl::opcua
