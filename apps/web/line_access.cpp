#include "apps/web/line_access.hpp"

#include <spdlog/spdlog.h>

#include "apps/gateway_link/opcua_security.hpp"
#include "base/durable_file.hpp"
#include "gateway/gateway_config.hpp"
#include "opcua/server_urls.hpp"

namespace wl {

web::LineAccess line_access(const Settings& settings) {
  auto urls = opcua::parse_server_urls(settings.opc_ua_server_url);
  if (!urls) throw StartError("OPC_UA_SERVER_URL: " + urls.error().what);
  return {std::move(*urls), opcua_security(settings), settings.opc_ua_timeout};
}

CommandTable command_table(const Settings& settings, const Plant& plant) {
  const auto path = settings.plant_config();
  auto text = read_file(path);
  if (!text) throw StartError(text.error().what);
  auto table = parse_commands(std::move(*text), path.string(), plant);
  if (!table) throw StartError(table.error().what);
  return std::move(*table);
}

web::TagTable tag_table(const Settings& settings) {
  const auto path = settings.gateway_config();
  auto text = read_file(path);
  if (!text) {
    spdlog::warn("tags without access and type: {}", text.error().what);
    return {};
  }
  // Where the tags come from does not matter here.
  const auto config = gateway::parse_gateway_config(
      std::move(*text), path.string(), {{"PLC_OPC_UA_HOST", "-"}, {"PLC_OPC_UA_PORT", "1"}});
  if (!config) {
    spdlog::warn("tags without access and type: {}", config.error().what);
    return {};
  }
  web::TagTable table;
  for (const gateway::ChannelConfig& channel : config->channels) {
    for (const gateway::TagConfig& tag : channel.tags()) {
      const bool writes = tag.access == gateway::TagAccess::read_write;
      table[tag.path] = {writes ? "RW" : "R", std::string(data_type_name(tag.type)), tag.scan};
    }
  }
  return table;
}

}  // namespace wl
