#include "figures.hpp"

#include <algorithm>
#include <cstdio>

namespace wl::bench {

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::min(rank, values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

Figure::~Figure() {
  std::fputs((line_ + "}\n").c_str(), stdout);
  std::fflush(stdout);
}

void say(std::string_view what) {
  std::fputs(fmt::format("  {}\n", what).c_str(), stderr);
}

}  // namespace wl::bench
