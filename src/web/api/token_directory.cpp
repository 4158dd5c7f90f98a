#include "web/api/token_directory.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "web/api/token_scopes.hpp"
#include "web/auth/digest.hpp"

namespace wl::web {
namespace {

constexpr std::string_view token_prefix = "wl_";
constexpr std::size_t token_bytes = 32;
/// Kept in memory; the one not used for longest makes room.
constexpr std::size_t most_known = 10'000;
/// Revoked and expired ones stay in the table for people who look into it.
constexpr std::chrono::days kept_after_end{90};

bool looks_like_token(std::string_view token) {
  return token.starts_with(token_prefix) && token.size() == token_prefix.size() + token_bytes * 2 &&
         token.substr(token_prefix.size()).find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

Problem bad_token() {
  return {401,
          "invalid_token",
          {"API 令牌无效、已过期或已吊销,请在“令牌”页面新建",
           "the API token is wrong, has run out or was revoked; make a new one (POST /api/tokens)"},
          {}};
}

Problem throttled(Milliseconds wait) {
  const int seconds = static_cast<int>((wait.count() + 999) / 1000);
  return {429,
          "too_many_attempts",
          {fmt::format("此地址的无效令牌过多,请在 {} 秒后重试", seconds),
           fmt::format("too many wrong tokens from this address; try again in {} s", seconds)},
          seconds};
}

bool same_scheme(std::string_view scheme) {
  constexpr std::string_view wanted = "bearer";
  return std::ranges::equal(scheme, wanted, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? char(a + 32) : a) == b;
  });
}

}  // namespace

std::string new_api_token() {
  return std::string(token_prefix) + random_hex(token_bytes);
}

std::optional<std::string> bearer_token(const Request& request) {
  std::string_view value = request.header("authorization");
  const std::size_t blank = std::min(value.find(' '), value.size());
  if (!same_scheme(value.substr(0, blank))) return std::nullopt;
  value.remove_prefix(blank);
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  return std::string(value);
}

void TokenDirectory::find(const std::string& token, const Request& request, Timestamp now,
                          Found found) {
  const std::string key = session_key(token);
  const auto known = known_.find(key);
  if (known != known_.end() && now < known->second.expires_at && !known->second.is_stale) {
    known->second.last_used = now;
    touched_[key] = now;
    return found(known->second.caller);
  }
  if (const auto wait = throttle_.charge(request.remote_address, now))
    return found(std::unexpected(throttled(*wait)));
  if (!looks_like_token(token)) return found(std::unexpected(bad_token()));
  look_up(key, request, now, std::make_shared<Found>(std::move(found)));
}

void TokenDirectory::look_up(const std::string& key, const Request& request, Timestamp now,
                             Shared found) {
  const std::string address = request.remote_address;
  const bool asked = accounts_.ask(
      [key](storage::AccountStore& store) { return store.tokens().find(key); },
      [this, address, now, found](Result<std::optional<storage::OwnedToken>> owned) {
        if (!owned) {
          spdlog::error("token: {}", owned.error().what);
          throttle_.forgive(address);
          return (*found)(std::unexpected(problems::database_unavailable()));
        }
        const bool good = *owned && !(*owned)->token.revoked_at && now < (*owned)->token.expires_at;
        if (!good) return (*found)(std::unexpected(bad_token()));
        throttle_.forgive(address);
        take(**owned, now, found);
      });
  if (asked) return;
  throttle_.forgive(address);
  (*found)(std::unexpected(problems::overloaded()));
}

void TokenDirectory::take(const storage::OwnedToken& owned, Timestamp now, Shared found) {
  const auto& [token, owner] = owned;
  Known known;
  known.caller.token_sha256 = token.token_sha256;
  known.caller.user_id = owner.id;
  known.caller.username = owner.username;
  known.caller.role = owner.role;
  known.caller.created_at = token.created_at;
  known.caller.last_seen = now;
  known.caller.token_name = token.name;
  known.caller.token_scopes = scopes_from_text(token.scopes);
  known.expires_at = token.expires_at;
  known.owner_version = owner.version;
  known.last_used = now;
  default_password_.check(
      owner.username, owner.password_hash,
      [this, found, now, known = std::move(known)](Result<bool> is_default) mutable {
        if (!is_default) return (*found)(std::unexpected(problems::overloaded()));
        known.caller.default_password = *is_default;
        make_room();
        SignedIn caller = known.caller;
        touched_[caller.token_sha256] = now;
        known_[caller.token_sha256] = std::move(known);
        (*found)(std::move(caller));
      });
}

void TokenDirectory::make_room() {
  if (known_.size() < most_known) return;
  const auto oldest = std::ranges::min_element(
      known_, {}, [](const auto& entry) { return entry.second.last_used; });
  known_.erase(oldest);
}

bool TokenDirectory::is_alive(const std::string& token_sha256, Timestamp now) const {
  const auto known = known_.find(token_sha256);
  return known != known_.end() && now < known->second.expires_at;
}

void TokenDirectory::forget(const std::string& token_sha256) {
  known_.erase(token_sha256);
}

std::vector<std::string> TokenDirectory::forget_user(std::int64_t user_id) {
  std::vector<std::string> ended;
  std::erase_if(known_, [&](const auto& entry) {
    const bool goes = entry.second.caller.user_id == user_id;
    if (goes) ended.push_back(entry.first);
    return goes;
  });
  return ended;
}

void TokenDirectory::set_default_password(std::int64_t user_id, bool is_default) {
  for (auto& [key, known] : known_)
    if (known.caller.user_id == user_id) known.caller.default_password = is_default;
}

std::vector<std::string> TokenDirectory::tick(Timestamp now) {
  auto touched = std::exchange(touched_, {});
  accounts_.ask(
      [touched = std::move(touched), now](storage::AccountStore& store) {
        for (const auto& [key, at] : touched) {
          if (auto done = store.tokens().touch(key, at); !done) return done;
        }
        const auto removed = store.tokens().remove_old(now - kept_after_end);
        return removed ? Result<void>() : std::unexpected(removed.error());
      },
      [](Result<void> done) {
        if (!done) spdlog::warn("use of tokens not written: {}", done.error().what);
      });
  std::vector<std::string> ended;
  std::erase_if(known_, [&](const auto& entry) {
    const bool goes = now >= entry.second.expires_at;
    if (goes) ended.push_back(entry.first);
    return goes;
  });
  return ended;
}

std::vector<std::string> TokenDirectory::keys() const {
  std::vector<std::string> all;
  all.reserve(known_.size());
  for (const auto& [key, known] : known_) all.push_back(key);
  return all;
}

std::vector<std::string> TokenDirectory::keep_standing(
    const std::vector<std::string>& asked, const std::vector<storage::OwnedToken>& standing) {
  std::unordered_map<std::string, const storage::OwnedToken*> there;
  for (const auto& one : standing) there[one.token.token_sha256] = &one;
  std::vector<std::string> ended;
  for (const std::string& key : asked) {
    const auto known = known_.find(key);
    if (known == known_.end()) continue;
    const auto found = there.find(key);
    if (found == there.end()) {
      known_.erase(known);
      ended.push_back(key);
    } else if (found->second->owner.role != known->second.caller.role) {
      known_.erase(known);  // Read again at its next use, with the new role.
      ended.push_back(key);
    } else if (found->second->owner.version != known->second.owner_version) {
      known->second.is_stale = true;
    }
  }
  return ended;
}

}  // namespace wl::web
