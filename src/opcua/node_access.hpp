// Synchronous reads and writes of single nodes over a session that is open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/value.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {

struct NodeValue {
  DataValue value;
  std::optional<DataType> type;  ///< As the server has it; nothing without a value, or of an array.
};

/// The values of the nodes, in their order. `not_found` names the first that the server does not
/// know, `invalid_argument` text that is no NodeId, `unavailable` a session that is gone.
Result<std::vector<NodeValue>> read_nodes(UaClient& client,
                                          const std::vector<std::string>& node_ids);

/// What the server, or the connection, answered. Precondition: `value` was converted to `type`.
UA_StatusCode write_node(UaClient& client, const std::string& node_id, const Value& value,
                         DataType type);

}  // namespace wl::opcua
