#include "web/http/local_caller.hpp"

namespace wl::web {

bool is_local(const Request& request) {
  const std::string_view from = request.remote_address;
  const bool loopback =
      from.starts_with("127.") || from == "::1" || from.starts_with("::ffff:127.");
  if (!loopback) return false;
  for (const std::string_view of_proxy : {"forwarded", "x-forwarded-for", "x-real-ip", "via"}) {
    if (!request.header(of_proxy).empty()) return false;
  }
  return true;
}

}  // namespace wl::web
