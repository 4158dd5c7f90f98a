// Versions of things, for ETag and If-Match.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wl::web {

/// `"12-3"`: number and version, with the quotes that the header wants.
inline std::string etag_of(std::int64_t id, std::int64_t version) {
  return '"' + std::to_string(id) + '-' + std::to_string(version) + '"';
}

/// True when the header is empty, `*`, or names this tag among others.
inline bool matches_etag(std::string_view if_match, std::string_view etag) {
  return if_match.empty() || if_match == "*" || if_match.find(etag) != std::string_view::npos;
}

}  // namespace wl::web
