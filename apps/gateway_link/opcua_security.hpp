// How the clients of one installation reach its OPC UA server, from the keys of .env.
#pragma once

#include "apps/settings/settings.hpp"
#include "opcua/security.hpp"

namespace wl {

/// Of collector and web: one certificate, so that a server is told once whom to trust. It lies in
/// `<data>/pki` as own/collector.der. Throws StartError for a policy or mode that load_settings()
/// let through.
opcua::ClientSecurity opcua_security(const Settings& settings);

}  // namespace wl
