#include "base/check.hpp"

#include <spdlog/spdlog.h>

#include <cstdlib>

namespace wl::detail {

void check_failed(const char* condition, const char* file, int line) {
  spdlog::critical("internal error: '{}' does not hold at {}:{}", condition, file, line);
  if (auto logger = spdlog::default_logger()) logger->flush();
  std::abort();
}

}  // namespace wl::detail
