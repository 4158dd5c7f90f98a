#include "web/http/request_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace wl::web {
namespace {

std::string_view doubled_header(const Request& request) {
  constexpr std::array<std::string_view, 8> single{
      "host",          "origin",       "content-type",   "content-length",
      "authorization", "x-csrf-token", "sec-fetch-site", "if-match"};
  for (const std::string_view name : single) {
    const auto times = std::ranges::count_if(
        request.headers, [name](const auto& header) { return header.first == name; });
    if (times > 1) return name;
  }
  return {};
}

Problem unknown_host(std::string_view host) {
  constexpr std::size_t most_shown = 100;
  const std::string name = one_line(utf8_prefix(host.substr(0, host.rfind(':')), most_shown));
  return {421,
          "unknown_host",
          {fmt::format("本服务器不使用名称 {}。若这是它的正式名称,请在 .env 中设置 "
                       "WEB_ALLOWED_HOSTS={} 并重启 wattline-web",
                       name, name),
           fmt::format("this server does not go by the name {}. If it should, set "
                       "WEB_ALLOWED_HOSTS={} in .env and restart wattline-web",
                       name, name)},
          {}};
}

}  // namespace

std::optional<Problem> host_problem(const Request& request, const AllowedHosts& hosts) {
  if (const auto name = doubled_header(request); !name.empty()) {
    return problems::bad_request(fmt::format("请求头 {} 出现多次", name),
                                 fmt::format("the header {} stands more than once", name));
  }
  const std::string_view host = request.header("host");
  if (host.empty()) return problems::bad_request("缺少请求头 Host", "the header Host is missing");
  if (request.secure || hosts.takes(host)) return std::nullopt;
  return unknown_host(host);
}

std::optional<Problem> handshake_problem(const Request& request) {
  if (request.header("sec-websocket-version") != "13") {
    return Problem{426,
                   "websocket_version",
                   {"需要 Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13 is needed"},
                   {}};
  }
  constexpr std::size_t key_size = 24;  // 16 bytes in base64.
  const std::string_view key = request.header("sec-websocket-key");
  if (key.size() == key_size && key.ends_with("==")) return std::nullopt;
  return problems::bad_request("Sec-WebSocket-Key 缺失或无效",
                               "Sec-WebSocket-Key is missing or invalid");
}

}  // namespace wl::web
