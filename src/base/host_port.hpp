// One `host` or `host:port` of a list in .env.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace wl {

struct HostPort {
  std::string host;  ///< A name or an address, without brackets.
  std::uint16_t port = 0;

  /// `db1:3306`, `[::1]:3306`.
  std::string text() const;
  bool operator==(const HostPort&) const = default;
};

/// Takes `db1`, `db1:3307`, `10.0.0.5`, `::1`, `[::1]:3307`. `default_port` where none is written.
Result<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port);

/// The same for a comma list; blanks around the commas are ignored. At least one, at most 32.
Result<std::vector<HostPort>> parse_host_list(std::string_view text, std::uint16_t default_port);

}  // namespace wl
