// The steps from a URL to a session, one by one, each with an error of its own.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {

/// The addresses of the host, as text. The error names the host.
Result<std::vector<std::string>> look_up(const EndpointAddress& address);

/// A TCP connection to one of the addresses, closed again. The error names the address.
Result<void> reach_tcp(const EndpointAddress& address, Milliseconds timeout);

/// Until the session is usable. The error says whether the endpoint or the session failed, and why.
Result<void> open_session(UaClient& client, const std::string& endpoint_url, Milliseconds timeout);

/// What a server offers (IEC 62541-4, 5.4.4).
struct EndpointOffer {
  std::string policy;  ///< `Basic256Sha256`: the URI's last part.
  std::string mode;    ///< `None`, `Sign`, `SignAndEncrypt`.
  bool anonymous = false;
  bool user_name = false;
  std::string application_uri;
  std::string certificate;  ///< DER; may be empty.
};
Result<std::vector<EndpointOffer>> list_endpoints(const std::string& endpoint_url,
                                                  Milliseconds timeout);

}  // namespace wl::opcua
