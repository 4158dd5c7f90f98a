// The web UI's files, held in memory: no path of a request ever reaches the file system.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "web/http/message.hpp"

namespace wl::web {

struct Asset {
  std::string content_type;
  std::string etag;
  std::string cache_control;  ///< Immutable when its name contains a hash of its content.
  std::shared_ptr<const std::string> plain;
  std::shared_ptr<const std::string> gzipped;  ///< Null when gzip makes it no smaller.
};

/// Type by the ending of the path; compressed once.
Asset make_asset(const std::string& path, std::string content);
/// The content, compressed for those who take it, or 304 when If-None-Match names it.
Response respond(const Asset& asset, const Request& request);

/// Immutable after it was loaded; share it by const reference.
class StaticSite {
 public:
  /// Reads every file below `directory` (at most 2,000 and 64 MiB). A directory that is missing,
  /// or has no index.html, gives a site of one page that says how to build the UI.
  static Result<StaticSite> load(const std::filesystem::path& directory);

  /// GET or HEAD of a path that no route took. A path without a dot in its last segment is a view
  /// of the single-page application and gets index.html. Nothing: 404.
  std::optional<Response> serve(const Request& request) const;
  std::size_t files() const { return assets_.size(); }
  /// False: only the page that says how to build the UI.
  bool built() const { return built_; }
  /// Null when there is no such file.
  const Asset* find(const std::string& path) const;

 private:
  std::map<std::string, Asset> assets_;  // By path: `/assets/index-1a2b.js`.
  bool built_ = false;
};

}  // namespace wl::web
