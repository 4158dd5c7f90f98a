#include "web/auth/login_limiter.hpp"

#include <algorithm>

namespace wl::web {
namespace {

/// Usernames are compared without case here, or `Admin` would be three more guesses at `admin`.
std::string key_of(const std::string& account, const std::string& address) {
  std::string key = account;
  std::ranges::transform(key, key.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return key + '\n' + address;
}

template <class Table>
void make_room(Table& table, std::size_t capacity) {
  if (table.size() < capacity) return;
  const auto oldest =
      std::ranges::min_element(table, {}, [](const auto& entry) { return entry.second.last; });
  table.erase(oldest);
}

}  // namespace

std::optional<LoginRefusal> LoginLimiter::charge_address(const std::string& address,
                                                         Timestamp now) {
  if (!addresses_.contains(address)) make_room(addresses_, limits_.capacity);
  Address& entry = addresses_.try_emplace(address, Address{0, now}).first->second;
  const double forgiven = double(std::max<std::int64_t>((now - entry.last).count(), 0)) /
                          double(limits_.address_refill.count());
  entry.debt = std::max(0.0, entry.debt - forgiven);
  entry.last = std::max(entry.last, now);
  if (entry.debt + 1 > limits_.address_burst) {
    const double missing = entry.debt + 1 - limits_.address_burst;
    return LoginRefusal{
        LoginRefusal::Kind::throttled,
        Milliseconds{static_cast<std::int64_t>(missing * double(limits_.address_refill.count())) +
                     1}};
  }
  entry.debt += 1;
  return std::nullopt;
}

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
  if (auto refusal = charge_address(address, now)) return refusal;
  if (!accounts_.contains(key)) make_room(accounts_, limits_.capacity);
  Account& entry = accounts_[key];
  ++entry.attempts;
  entry.last = now;
  return std::nullopt;
}

void LoginLimiter::succeeded(const std::string& account, const std::string& address) {
  accounts_.erase(key_of(account, address));
  if (const auto found = addresses_.find(address); found != addresses_.end()) {
    found->second.debt = std::max(0.0, found->second.debt - 1);
  }
}

void LoginLimiter::undecided(const std::string& account, const std::string& address) {
  if (const auto found = accounts_.find(key_of(account, address)); found != accounts_.end()) {
    found->second.attempts = std::max(0, found->second.attempts - 1);
  }
  if (const auto found = addresses_.find(address); found != addresses_.end()) {
    found->second.debt = std::max(0.0, found->second.debt - 1);
  }
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

}  // namespace wl::web
