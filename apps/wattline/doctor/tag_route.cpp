#include "apps/wattline/doctor/tag_route.hpp"

#include <fmt/format.h>

#include "base/json_file.hpp"

namespace wl::doctor {
namespace {

constexpr std::string_view tag_name = "ScanCount";

std::string filled_in(std::string text, const Settings& settings) {
  const std::pair<std::string, std::string> names[] = {
      {"${PLC_OPC_UA_HOST}", settings.plc_opc_ua_host},
      {"${PLC_OPC_UA_PORT}", std::to_string(settings.plc_opc_ua_port)}};
  for (const auto& [name, value] : names) {
    if (const auto at = text.find(name); at != std::string::npos) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

/// The tag's address and the name of its group; nothing when the device has no such tag.
std::optional<std::pair<std::string, std::string>> find_in_device(const JsonCursor& device) {
  for (const JsonCursor& group : device.at("groups").items()) {
    for (const JsonCursor& tag : group.at("tags").items()) {
      if (tag.at("name").text() != tag_name) continue;
      return std::pair{tag.at("address").text(), group.at("name").text()};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<TagRoute> find_scan_count(const std::string& gateway_json, const std::string& file_name,
                                 const Settings& settings) {
  auto document = JsonDocument::parse(gateway_json, file_name);
  if (!document) return std::unexpected(document.error());
  for (const JsonCursor& channel : (*document)->root().at("channels").items()) {
    for (const JsonCursor& device : channel.at("devices").items()) {
      const auto found = find_in_device(device);
      if (!found) continue;
      const std::string endpoint = channel.at("endpoint").text();
      TagRoute route;
      route.plc_endpoint = filled_in(endpoint, settings);
      route.plc_node_id =
          fmt::format("ns=4;s=|var|{}.{}", channel.at("application_path").text(), found->first);
      route.gateway_node_id = fmt::format("ns=2;s={}.{}.{}.{}", channel.at("name").text(),
                                          device.at("name").text(), found->second, tag_name);
      route.own_plc = endpoint.find("${PLC_OPC_UA_PORT}") != std::string::npos;
      if (auto verdict = (*document)->verdict(); !verdict) return std::unexpected(verdict.error());
      return route;
    }
  }
  return fail(Errc::not_found, fmt::format("{} has no tag {}", file_name, tag_name));
}

}  // namespace wl::doctor
