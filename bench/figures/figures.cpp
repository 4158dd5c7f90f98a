#include "figures.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>

namespace wl::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec used{};
  clock_gettime(clock, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace

double cpu_seconds_of_this_thread() {
  return seconds_of(CLOCK_THREAD_CPUTIME_ID);
}

double cpu_seconds_of_this_process() {
  return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

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
