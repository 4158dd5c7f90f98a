// Where the scan counter stands on both sides of the gateway, as config/gateway.json says.
#pragma once

#include <string>

#include "apps/settings/settings.hpp"

namespace wl::doctor {

/// The way of the tag `ScanCount`.
struct TagRoute {
  std::string plc_endpoint;     ///< With the names of .env filled in.
  std::string plc_node_id;      ///< ns=4;s=|var|<application>.<address>
  std::string gateway_node_id;  ///< ns=2;s=<channel>.<device>.<group>.ScanCount
  bool own_plc = false;         ///< The endpoint is the built-in PLC of this installation.
};

/// Looks only for this tag; the gateway itself checks the whole file when it starts. `not_found`
/// when no channel has it.
Result<TagRoute> find_scan_count(const std::string& gateway_json, const std::string& file_name,
                                 const Settings& settings);

}  // namespace wl::doctor
