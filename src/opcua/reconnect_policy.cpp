#include "opcua/reconnect_policy.hpp"

#include <algorithm>

namespace wl::opcua {
namespace {
constexpr std::int64_t first_delay_ms = 250;
constexpr std::uint64_t max_doublings = 16;
}  // namespace

std::optional<Milliseconds> ReconnectPolicy::on_failure(double random) {
  const std::uint64_t doublings = std::min(failures_, max_doublings);
  ++failures_;
  if (max_attempts_ != 0 && failures_ >= max_attempts_) return std::nullopt;
  const std::int64_t plain = std::min(first_delay_ms << doublings, cap_.count());
  const double jittered = static_cast<double>(plain) * (0.75 + random / 2);
  return Milliseconds{std::min(static_cast<std::int64_t>(jittered), cap_.count())};
}

}  // namespace wl::opcua
