#include "web/auth/login_limiter.hpp"

#include <algorithm>

#include "web/auth/address_group.hpp"

namespace wl::web {
namespace {

/// Usernames are compared without case here, or `Admin` would be three more guesses at `admin`.
std::string prefix_of(const std::string& account) {
  std::string key = account;
  std::ranges::transform(key, key.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return key + '\n';
}

std::string key_of(const std::string& account, const std::string& address) {
  return prefix_of(account) + address_group(address);
}

template <class Table>
void make_room(Table& table, std::size_t capacity) {
  if (table.size() < capacity) return;
  const auto oldest =
      std::ranges::min_element(table, {}, [](const auto& entry) { return entry.second.last; });
  table.erase(oldest);
}

}  // namespace

std::optional<LoginRefusal> LoginLimiter::admit(const std::string& account,
                                                const std::string& address, Timestamp now) {
  const std::string key = key_of(account, address);
  const auto known = accounts_.find(key);
  if (known != accounts_.end()) {
    const Timestamp until = known->second.last + limits_.lockout;
    if (now >= until) {
      accounts_.erase(known);
    } else if (known->second.attempts >= limits_.max_attempts) {
      return LoginRefusal{LoginRefusal::Kind::locked, until - now};
    }
  }
  if (const auto wait = addresses_.charge(address, now))
    return LoginRefusal{LoginRefusal::Kind::throttled, *wait};
  if (!accounts_.contains(key)) make_room(accounts_, limits_.capacity);
  Account& entry = accounts_[key];
  ++entry.attempts;
  entry.last = now;
  return std::nullopt;
}

void LoginLimiter::succeeded(const std::string& account, const std::string& address) {
  accounts_.erase(key_of(account, address));
  addresses_.forgive(address);
}

void LoginLimiter::undecided(const std::string& account, const std::string& address) {
  if (const auto found = accounts_.find(key_of(account, address)); found != accounts_.end()) {
    found->second.attempts = std::max(0, found->second.attempts - 1);
  }
  addresses_.forgive(address);
}

int LoginLimiter::failures(const std::string& account, const std::string& address) const {
  const auto found = accounts_.find(key_of(account, address));
  return found == accounts_.end() ? 0 : found->second.attempts;
}

std::optional<Timestamp> LoginLimiter::locked_until(const std::string& account,
                                                    const std::string& address) const {
  const auto found = accounts_.find(key_of(account, address));
  if (found == accounts_.end() || found->second.attempts < limits_.max_attempts) return {};
  return found->second.last + limits_.lockout;
}

void LoginLimiter::learn(const std::string& account, const std::string& address, int attempts,
                         Timestamp last) {
  const std::string key = key_of(account, address);
  if (!accounts_.contains(key)) make_room(accounts_, limits_.capacity);
  Account& entry = accounts_[key];
  if (attempts <= entry.attempts) return;
  entry = {attempts, last};
}

void LoginLimiter::unlock(const std::string& account, Timestamp at) {
  const std::string prefix = prefix_of(account);
  std::erase_if(accounts_, [&](const auto& entry) {
    return entry.first.starts_with(prefix) && entry.second.last <= at;
  });
}

}  // namespace wl::web
