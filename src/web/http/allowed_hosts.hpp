// The names by which a browser may call this server: the answer to DNS rebinding (ADR 0580).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl::web {

/// Always taken: addresses, names without a dot, and names that no public name server can point
/// here (localhost, *.local, *.lan, *.internal, *.home.arpa …). Others have to be written into
/// WEB_ALLOWED_HOSTS. Immutable.
class AllowedHosts {
 public:
  AllowedHosts() = default;
  /// `list`: names with commas between; `.example.com` stands for all names below it, `*` for any
  /// name. The error says which entry is no name.
  static Result<AllowedHosts> parse(std::string_view list);

  /// `host_header` is the value of Host, with or without a port.
  bool takes(std::string_view host_header) const;

 private:
  bool any_ = false;
  std::vector<std::string> names_;
};

}  // namespace wl::web
