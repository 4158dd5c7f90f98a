#include "opcua/connect_steps.hpp"
#include "opcua/node_access.hpp"
#include "opcua/subscriber.hpp"

namespace wl::opcua {

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
  auto read = read_nodes(client, node_ids);
  if (!read) return std::unexpected(read.error());
  client.disconnect();
  std::vector<DataValue> values;
  for (NodeValue& node : *read) values.push_back(std::move(node.value));
  return values;
}

}  // namespace wl::opcua
