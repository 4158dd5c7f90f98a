#include "web/http/http_figures.hpp"

#include <algorithm>

namespace wl::web {

void HttpFigures::count(int status, double seconds) {
  ++by_class_[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))];
  for (std::size_t i = 0; i < bounds_s.size(); ++i) {
    if (seconds <= bounds_s[i]) ++up_to_bound_[i];
  }
  ++total_;
  total_seconds_ += seconds;
}

}  // namespace wl::web
