// Who may do what at our servers.
#pragma once

#include <open62541/server.h>

#include <string>

namespace wl::opcua {

enum class AnonymousAccess { read, read_write };

struct AccessRules {
  AnonymousAccess anonymous = AnonymousAccess::read;
  std::string username;  ///< Not empty: may sign in with this password, and then write.
  std::string password;
};

/// Anonymous sessions browse and read, and write values under `read_write`; one user may always
/// write. Nobody adds or deletes nodes, calls methods or changes history.
/// `config.applicationDescription` must be set. A password needs an encrypted policy: the library
/// uses one for it also on an endpoint without encryption.
UA_StatusCode install_access_control(UA_ServerConfig& config, AccessRules rules);

}  // namespace wl::opcua
