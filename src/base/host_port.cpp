#include "base/host_port.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/trimmed.hpp"

namespace wl {
namespace {

constexpr std::size_t max_hosts = 32;
constexpr std::size_t max_host_length = 253;  // RFC 1035

bool allowed(unsigned char c) {
  return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':' || c == '%';
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (ec != std::errc{} || end != text.data() + text.size() || port == 0) {
    return fail(Errc::invalid_argument, fmt::format("'{}' is not a port from 1 to 65535", text));
  }
  return port;
}

}  // namespace

std::string HostPort::text() const {
  const bool bare_v6 = host.find(':') != std::string::npos;
  return bare_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t close = std::min(text.find(']'), text.size());
    host = text.substr(1, close - std::min<std::size_t>(close, 1));
    const std::string_view rest = text.substr(std::min(close + 1, text.size()));
    has_port = rest.starts_with(':');
    if (has_port) port = rest.substr(1);
    if (close == text.size() || (!rest.empty() && !has_port)) host = {};
  } else if (std::ranges::count(text, ':') == 1) {  // More colons: an IPv6 address without a port.
    has_port = true;
    host = text.substr(0, text.find(':'));
    port = text.substr(host.size() + 1);
  }
  if (host.empty() || host.size() > max_host_length || !std::ranges::all_of(host, allowed)) {
    return fail(Errc::invalid_argument, fmt::format("'{}' is not a host or host:port", text));
  }
  if (!has_port) return HostPort{std::string(host), default_port};
  const auto number = parse_port(port);
  if (!number) return std::unexpected(number.error());
  return HostPort{std::string(host), *number};
}

Result<std::vector<HostPort>> parse_host_list(std::string_view text, std::uint16_t default_port) {
  std::vector<HostPort> hosts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto host = parse_host_port(trimmed(text.substr(begin, end - begin)), default_port);
    if (!host) return std::unexpected(host.error());
    hosts.push_back(*host);
    begin = end + 1;
  }
  if (hosts.size() > max_hosts) {
    return fail(Errc::invalid_argument,
                fmt::format("{} hosts; at most {} are allowed", hosts.size(), max_hosts));
  }
  return hosts;
}

}  // namespace wl
