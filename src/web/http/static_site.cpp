#include "web/http/static_site.hpp"

#include <fmt/format.h>

#include <array>

#include "base/durable_file.hpp"
#include "web/auth/digest.hpp"
#include "web/http/gzip.hpp"

namespace wl::web {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_files = 2000;
constexpr std::uint64_t max_bytes = 64 << 20;

struct MediaType {
  std::string_view extension;
  std::string_view type;
  bool text;  // gzip makes it smaller.
};

constexpr std::array media_types{
    MediaType{".html", "text/html; charset=utf-8", true},
    MediaType{".js", "text/javascript; charset=utf-8", true},
    MediaType{".css", "text/css; charset=utf-8", true},
    MediaType{".json", "application/json; charset=utf-8", true},
    MediaType{".webmanifest", "application/manifest+json", true},
    MediaType{".svg", "image/svg+xml", true},
    MediaType{".txt", "text/plain; charset=utf-8", true},
    MediaType{".ico", "image/x-icon", true},
    MediaType{".png", "image/png", false},
    MediaType{".jpg", "image/jpeg", false},
    MediaType{".webp", "image/webp", false},
    MediaType{".woff2", "font/woff2", false},
};

constexpr MediaType unknown_type{"", "application/octet-stream", false};

constexpr std::string_view not_built = R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Wattline</title></head><body>
<h1>Wattline</h1>
<p>网页界面尚未构建。请在安装目录运行 <code>./start_system.sh</code>,
或 <code>cd webui &amp;&amp; npm ci &amp;&amp; npm run build</code>,然后重启 wattline-web。</p>
<p lang="en">The web interface has not been built. Run <code>./start_system.sh</code> in the
installation, or <code>cd webui &amp;&amp; npm ci &amp;&amp; npm run build</code>, then restart
wattline-web. The API works meanwhile.</p>
</body></html>
)";

const MediaType& media_type_of(const std::string& path) {
  for (const auto& known : media_types) {
    if (path.ends_with(known.extension)) return known;
  }
  return unknown_type;
}

bool names_a_view(std::string_view path) {
  return path.substr(path.rfind('/')).find('.') == std::string_view::npos;
}

}  // namespace

Asset make_asset(const std::string& path, std::string content) {
  const MediaType& media = media_type_of(path);
  Asset asset;
  asset.content_type = media.type;
  asset.etag = '"' + sha256_hex(content).substr(0, 20) + '"';
  asset.cache_control =
      path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  if (media.text) {
    std::string small = gzip(content, 9);
    if (!small.empty() && small.size() < content.size()) {
      asset.gzipped = std::make_shared<const std::string>(std::move(small));
    }
  }
  asset.plain = std::make_shared<const std::string>(std::move(content));
  return asset;
}

Response respond(const Asset& asset, const Request& request) {
  Response response;
  response.content_type = asset.content_type;
  response.headers.emplace_back("ETag", asset.etag);
  response.headers.emplace_back("Cache-Control", asset.cache_control);
  if (asset.gzipped) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (request.header("if-none-match").find(asset.etag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.shared_body = asset.plain;
  if (asset.gzipped && accepts_gzip(request.header("accept-encoding"))) {
    response.shared_body = asset.gzipped;
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  return response;
}

Result<StaticSite> StaticSite::load(const fs::path& directory) {
  StaticSite site;
  std::error_code error;
  site.built_ = fs::is_regular_file(directory / "index.html", error);
  if (!site.built_) {
    site.assets_.emplace("/index.html", make_asset("/index.html", std::string(not_built)));
    return site;
  }
  std::uint64_t bytes = 0;
  for (fs::recursive_directory_iterator it(directory, error), end; it != end && !error;
       it.increment(error)) {
    if (!it->is_regular_file()) continue;
    auto content = read_file(it->path(), max_bytes);
    if (!content) return std::unexpected(content.error());
    bytes += content->size();
    if (site.assets_.size() >= max_files || bytes > max_bytes) {
      return fail(Errc::invalid_argument,
                  fmt::format("{} holds more than {} files or 64 MiB: is it the built UI?",
                              directory.string(), max_files));
    }
    std::string path = '/' + fs::relative(it->path(), directory).generic_string();
    Asset asset = make_asset(path, std::move(*content));
    site.assets_.emplace(std::move(path), std::move(asset));
  }
  if (error) return fail(Errc::permission, directory.string() + ": " + error.message());
  return site;
}

const Asset* StaticSite::find(const std::string& path) const {
  const auto found = assets_.find(path);
  return found == assets_.end() ? nullptr : &found->second;
}

std::optional<Response> StaticSite::serve(const Request& request) const {
  const Asset* asset = find(request.path);
  if (asset == nullptr && names_a_view(request.path)) asset = find("/index.html");
  if (asset == nullptr) return std::nullopt;
  return respond(*asset, request);
}

}  // namespace wl::web
