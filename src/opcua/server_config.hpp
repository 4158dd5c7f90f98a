// The configuration of every UA_Server of ours: address, policy, limits.
#pragma once

#include <open62541/server.h>

#include "opcua/certificate_check.hpp"
#include "opcua/server.hpp"

namespace wl::opcua {

/// A config with every limit set, access control installed and our event loop running. The caller
/// owns it until UA_Server_newWithConfig takes it. `check` outlives the server; it is asked only
/// with ServerSecurity::pki_dir.
Result<UA_ServerConfig> make_server_config(const ServerOptions& options, CertificateCheck& check);

/// Binds and releases the address, because the library does not tell why it could not listen.
Result<void> probe_listen(const std::string& host, std::uint16_t port);

}  // namespace wl::opcua
