// How the collector protects its OPC UA link, from the keys of .env.
#pragma once

#include "apps/settings/settings.hpp"
#include "opcua/security.hpp"

namespace wl {

/// The certificates lie in `<data>/pki`; ours is own/collector.der. Throws StartError for a policy
/// or mode that load_settings() let through.
opcua::ClientSecurity opcua_security(const Settings& settings);

}  // namespace wl
