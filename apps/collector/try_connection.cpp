#include "apps/collector/try_connection.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "apps/collector/collector_process.hpp"

namespace wl {
namespace {

constexpr Quality bad_node_id_unknown{0x80340000};

std::string text_of(const Value& value) {
  return std::visit([](const auto& plain) { return fmt::format("{}", plain); }, value);
}

/// One line for a tag; true when the server knows it. A known tag whose value is bad right now is
/// a matter of the PLC behind the gateway, not of this link.
bool report(const std::string& node_id, const DataValue& value) {
  if (value.quality == bad_node_id_unknown) {
    fmt::print(
        "  FAIL  {}: the server does not know it: correct the tag in config/plant.json, or "
        "add it to the gateway\n",
        node_id);
    return false;
  }
  if (value.quality.is_good()) {
    fmt::print("  ok    {} = {}\n", node_id, text_of(value.value));
  } else {
    fmt::print("  ok    {}: known, its value is {} now (0x{:08X})\n", node_id, value.quality.word(),
               value.quality.status_code);
  }
  return true;
}

}  // namespace

int try_connection(const Settings& settings, const Plant& plant) {
  using Clock = std::chrono::steady_clock;
  const std::string url = settings.opc_ua_server_url;
  const TagMap tags = map_tags(plant);
  fmt::print("{}: {} points, {} tags\n", settings.plant_config().string(), plant.points.size(),
             tags.node_ids.size());
  const auto start = Clock::now();
  const auto values = opcua::read_once(url, tags.node_ids, settings.opc_ua_timeout);
  const auto took = std::chrono::duration_cast<Milliseconds>(Clock::now() - start);
  if (!values) {
    fmt::print(
        "FAIL  {}\nIs the gateway running (`wattline status`), and is OPC_UA_SERVER_URL "
        "right?\n",
        values.error().what);
    return 1;
  }
  fmt::print("ok    name look-up, TCP, endpoint, session and read at {}: {} ms\n", url,
             took.count());
  int unknown = 0;
  for (std::size_t i = 0; i < tags.node_ids.size(); ++i) {
    unknown += report(tags.node_ids[i], (*values)[i]) ? 0 : 1;
  }
  fmt::print("{}\n", unknown == 0 ? "all tags are known" : fmt::format("{} unknown tags", unknown));
  return unknown == 0 ? 0 : 1;
}

}  // namespace wl
