// GET /api/openapi.json and GET /api/docs: the API described for programs and for people.
#pragma once

#include <string>
#include <vector>

#include "web/http/router.hpp"
#include "web/http/static_site.hpp"

namespace wl::web {

/// The description is for those who are signed in: it holds no secret, but tells a stranger nothing
/// that he has to know either. The page is for all, because it says how to sign in; it fetches the
/// description with the reader's session. Immutable after describe().
class DocumentApi {
 public:
  explicit DocumentApi(const StaticSite& site) : site_(site) {}

  std::vector<Route> routes();
  /// Makes the description of all routes, these ones too. Before the first request.
  void describe(std::string_view version, const std::vector<Route>& routes);

 private:
  void page(const Call& call, Reply reply) const;

  const StaticSite& site_;
  Asset document_;
};

}  // namespace wl::web
