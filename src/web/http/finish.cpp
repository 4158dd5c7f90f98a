#include "web/http/finish.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "web/http/gzip.hpp"

namespace wl::web {
namespace {

constexpr std::size_t gzip_from_bytes = 1024;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> security_headers{{
    {"Content-Security-Policy",
     "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; "
     "form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
}};

/// A year: a browser that came by HTTPS once does not come by HTTP again (RFC 6797).
constexpr std::pair<std::string_view, std::string_view> hsts{"Strict-Transport-Security",
                                                             "max-age=31536000"};

}  // namespace

bool wants_gzip(const Response& response, Wishes wishes) {
  return wishes.gzip && !response.source && !response.shared_body &&
         response.body.size() >= gzip_from_bytes;
}

void put_gzipped(Response& response, std::string small) {
  if (small.empty()) return;
  response.body = std::move(small);
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
}

Response finish(Response response, Wishes wishes) {
  const bool cacheable = std::ranges::any_of(
      response.headers, [](const auto& header) { return header.first == "Cache-Control"; });
  if (!cacheable) response.headers.emplace_back("Cache-Control", "no-store");
  for (const auto& [name, value] : security_headers) {
    response.headers.emplace_back(name, value);
  }
  if (wishes.secure) response.headers.emplace_back(hsts.first, hsts.second);
  if (wishes.gzip && response.source) {
    response.source = gzipped(std::move(response.source));
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.headers.emplace_back("Vary", "Accept-Encoding");
  }
  if (wants_gzip(response, wishes)) put_gzipped(response, gzip(response.body, 1));
  return response;
}

}  // namespace wl::web
