#include "web/auth/address_throttle.hpp"

#include <algorithm>

#include "web/auth/address_group.hpp"

namespace wl::web {

std::optional<Milliseconds> AddressThrottle::charge(const std::string& from, Timestamp now) {
  const std::string address = address_group(from);
  if (!addresses_.contains(address) && addresses_.size() >= limits_.capacity) {
    const auto oldest = std::ranges::min_element(
        addresses_, {}, [](const auto& entry) { return entry.second.last; });
    addresses_.erase(oldest);
  }
  Address& entry = addresses_.try_emplace(address, Address{0, now}).first->second;
  const double refill = double(limits_.refill.count());
  const double forgiven = double(std::max<std::int64_t>((now - entry.last).count(), 0)) / refill;
  entry.debt = std::max(0.0, entry.debt - forgiven);
  entry.last = std::max(entry.last, now);
  if (entry.debt + 1 > limits_.burst) {
    const double missing = entry.debt + 1 - limits_.burst;
    return Milliseconds{static_cast<std::int64_t>(missing * refill) + 1};
  }
  entry.debt += 1;
  return std::nullopt;
}

void AddressThrottle::forgive(const std::string& address) {
  const auto found = addresses_.find(address_group(address));
  if (found != addresses_.end()) found->second.debt = std::max(0.0, found->second.debt - 1);
}

}  // namespace wl::web
