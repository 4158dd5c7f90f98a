#include "apps/collector/try_connection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/collector/tag_map.hpp"
#include "apps/gateway_link/opcua_security.hpp"
#include "opcua/connection_check.hpp"
#include "opcua/server_urls.hpp"

namespace wl {
namespace {

std::string text_of(const Value& value) {
  return std::visit([](const auto& plain) { return fmt::format("{}", plain); }, value);
}

void print(const opcua::CheckStep& step) {
  fmt::print("  {} {:<18} {}\n", step.ok ? "✓" : "✗", step.name, step.detail);
  if (!step.ok) fmt::print("    → {}\n", step.next_step);
}

/// A known tag whose value is bad right now is a matter of the PLC behind the gateway, not of this
/// link.
void print(const opcua::NodeCheck& node) {
  if (!node.readable) {
    fmt::print("  ✗ {}: {}\n    → correct the tag in config/plant.json, or add it to the server\n",
               node.node_id, node.reason);
  } else if (node.value.quality.is_good()) {
    fmt::print("  ✓ {} = {} ({})\n", node.node_id, text_of(node.value.value), node.type);
  } else {
    fmt::print("  ✓ {}: known, its value is {} now (0x{:08X})\n", node.node_id,
               node.value.quality.word(), node.value.quality.status_code);
  }
}

bool try_server(const std::string& url, const TagMap& tags, const Settings& settings) {
  fmt::print("{}\n", url);
  const auto check = opcua::check_connection(url, tags.node_ids, opcua_security(settings),
                                             settings.opc_ua_timeout);
  for (const auto& step : check.steps) print(step);
  for (const auto& node : check.nodes) print(node);
  const auto unknown = std::ranges::count(check.nodes, false, &opcua::NodeCheck::readable);
  if (check.ok()) fmt::print("  all {} tags can be read\n", check.nodes.size());
  if (unknown > 0) fmt::print("  {} of {} tags cannot be read\n", unknown, check.nodes.size());
  return check.ok();
}

}  // namespace

int try_connection(const Settings& settings, const Plant& plant) {
  const TagMap tags = map_tags(plant);
  fmt::print("{}: {} points, {} tags\n", settings.plant_config().string(), plant.points.size(),
             tags.node_ids.size());
  const auto urls = opcua::parse_server_urls(settings.opc_ua_server_url);
  if (!urls) {
    fmt::print("✗ OPC_UA_SERVER_URL: {}\n", urls.error().what);
    return 1;
  }
  bool all_work = true;
  for (const std::string& url : *urls) all_work = try_server(url, tags, settings) && all_work;
  return all_work ? 0 : 1;
}

}  // namespace wl
