// Which client a request comes from, when proxies stand between, and whether it may come at all.
#pragma once

#include "base/ip_address.hpp"
#include "web/http/message.hpp"

namespace wl::web {

struct AddressRules {
  /// IP_ALLOWLIST: others get 403. Empty: everybody may come.
  IpRanges allowed;
  /// WEB_TRUSTED_PROXIES: whose X-Forwarded-For and X-Forwarded-Proto are believed.
  IpRanges proxies;
};

/// Sets `remote_address` (and `secure`) to what the nearest trusted proxies say. Of
/// X-Forwarded-For the right-most address that is not itself a trusted proxy counts: what stands to
/// the left of it was written by the client. From anybody else these headers mean nothing. A proxy
/// that says something unreadable is taken for the client.
void see_through_proxies(Request& request, const AddressRules& rules);

/// Whether `remote_address` stands in the list. An address that cannot be read does not.
bool may_come(const Request& request, const AddressRules& rules);

}  // namespace wl::web
