#include "apps/gateway_link/opcua_security.hpp"

namespace wl {

opcua::ClientSecurity opcua_security(const Settings& settings) {
  auto security =
      opcua::parse_client_security(settings.opc_ua_security_policy, settings.opc_ua_security_mode,
                                   settings.opc_ua_username, settings.opc_ua_password);
  if (!security) throw StartError("OPC_UA_SECURITY_POLICY: " + security.error().what);
  security->pki_dir = settings.pki_dir();
  security->certificate_name = "collector";
  security->application_uri = "urn:localhost:Wattline:Collector";
  security->application_name = "Wattline Collector";
  return std::move(*security);
}

}  // namespace wl
