#include "opcua/server_urls.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/trimmed.hpp"
#include "opcua/ua_client.hpp"

namespace wl::opcua {
namespace {

constexpr std::size_t max_servers = 16;

}  // namespace

Result<std::vector<std::string>> parse_server_urls(std::string_view text) {
  std::vector<std::string> urls;
  while (true) {
    const auto comma = text.find(',');
    const std::string url(trimmed(text.substr(0, comma)));
    const auto address = parse_endpoint(url);
    if (!address) return std::unexpected(address.error());
    if (std::ranges::find(urls, url) != urls.end()) {
      return fail(Errc::invalid_argument, fmt::format("'{}' is named twice", url));
    }
    urls.push_back(url);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  if (urls.size() > max_servers) {
    return fail(Errc::invalid_argument, fmt::format("{} servers are named; at most {} are tried",
                                                    urls.size(), max_servers));
  }
  return urls;
}

}  // namespace wl::opcua
