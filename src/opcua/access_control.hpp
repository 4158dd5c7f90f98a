// Who may do what at our servers.
#pragma once

#include <open62541/server.h>

namespace wl::opcua {

enum class AnonymousAccess { read, read_write };

/// Anonymous sessions only; they browse and read, and write values under `read_write`. Nobody adds
/// or deletes nodes, calls methods or changes history. `config.applicationDescription` must be set.
UA_StatusCode install_access_control(UA_ServerConfig& config, AnonymousAccess access);

}  // namespace wl::opcua
