#include "web/http/client_address.hpp"

#include "base/trimmed.hpp"

namespace wl::web {
namespace {

/// All headers of that name in their order, as one list (RFC 9110, 5.3).
std::string joined(const Request& request, std::string_view name) {
  std::string all;
  for (const auto& [header, value] : request.headers) {
    if (header != name) continue;
    if (!all.empty()) all += ',';
    all += value;
  }
  return all;
}

}  // namespace

void see_through_proxies(Request& request, const AddressRules& rules) {
  if (rules.proxies.empty()) return;
  auto address = parse_ip_address(request.remote_address);
  if (!address || !rules.proxies.contains(*address)) return;
  request.secure = request.secure || joined(request, "x-forwarded-proto") == "https";
  const std::string chain = joined(request, "x-forwarded-for");
  std::string_view rest = chain;
  while (!rest.empty() && rules.proxies.contains(*address)) {
    const auto comma = rest.rfind(',');
    const auto next =
        parse_ip_address(trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1)));
    if (!next) break;
    address = next;
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
  }
  request.remote_address = to_text(*address);
}

bool may_come(const Request& request, const AddressRules& rules) {
  if (rules.allowed.empty()) return true;
  const auto address = parse_ip_address(request.remote_address);
  return address && rules.allowed.contains(*address);
}

}  // namespace wl::web
