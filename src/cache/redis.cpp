#include "cache/redis.hpp"

#include <fmt/format.h>

namespace wl::cache {

std::string RedisOptions::place() const {
  const bool bare_v6 = host.find(':') != std::string::npos;
  return bare_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Keys::Keys(int database) {
  const std::string prefix = fmt::format("wattline:{}:", database);
  latest = prefix + "latest";
  state = prefix + "state";
  live = prefix + "live";
  orders = prefix + "orders";
  answers = prefix + "answer:";
}

}  // namespace wl::cache
