// IP addresses and the ranges that hold them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl {

/// An IPv6 address; an IPv4 one is kept as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so that the two ways
/// in which a dual-stack socket shows the same client are one.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const IpAddress&) const = default;
};

/// `192.0.2.7`, `2001:db8::1`, `[2001:db8::1]`; a zone (`%eth0`) is left out. Nothing for a name.
std::optional<IpAddress> parse_ip_address(std::string_view text);
/// IPv4 in dotted form, IPv6 in the short form of RFC 5952.
std::string to_text(const IpAddress& address);

/// The addresses of a list such as `10.0.0.0/8, 2001:db8::/32, 192.0.2.7`.
class IpRanges {
 public:
  /// At most 1,000 entries. The error names the entry: no address, a prefix above 32 or 128, or
  /// bits behind the prefix (10.0.0.1/8: one of the two is a mistake). An empty text is an empty
  /// list.
  static Result<IpRanges> parse(std::string_view text);

  bool contains(const IpAddress& address) const;
  bool empty() const { return ranges_.empty(); }

 private:
  struct Range {
    IpAddress first;
    int prefix = 128;  ///< Of the IPv6 form.
  };
  static Result<Range> parse_range(std::string_view text);

  std::vector<Range> ranges_;
};

}  // namespace wl
