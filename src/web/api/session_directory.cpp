#include "web/api/session_directory.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "web/auth/digest.hpp"

namespace wl::web {
namespace {

constexpr std::size_t token_bytes = 32;

bool looks_like_token(std::string_view token) {
  return token.size() == token_bytes * 2 &&
         token.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

struct Restored {
  SignedIn session;
  std::string password_hash;
};

Result<std::optional<Restored>> read_session(storage::AccountStore& store,
                                             const std::string& token_sha256) {
  const auto session = store.find_session(token_sha256);
  if (!session) return std::unexpected(session.error());
  if (!*session) return std::optional<Restored>();
  const auto user = store.find_user((*session)->user_id);
  if (!user) return std::unexpected(user.error());
  if (!*user) return std::optional<Restored>();
  SignedIn signed_in{token_sha256,
                     (*user)->id,
                     (*user)->username,
                     (*user)->role,
                     false,
                     (*session)->created_at,
                     (*session)->last_seen,
                     (*session)->remote_address};
  return Restored{std::move(signed_in), (*user)->password_hash};
}

void log_failure(const Result<void>& done, std::string_view what) {
  if (!done) spdlog::warn("{}: {}", what, done.error().what);
}

}  // namespace

std::string session_key(std::string_view token) {
  return sha256_hex(token);
}

std::string public_session_id(const std::string& token_sha256) {
  return sha256_hex(token_sha256).substr(0, 16);
}

const SignedIn* SessionDirectory::peek(const Request& request, Timestamp now) const {
  const auto token = session_token(request);
  return token ? table_.peek(session_key(*token), now) : nullptr;
}

void SessionDirectory::find(const Request& request, Timestamp now, Found found) {
  const auto token = session_token(request);
  if (!token || !looks_like_token(*token)) return found(std::optional<SignedIn>());
  std::string key = session_key(*token);
  if (const SignedIn* known = table_.touch(key, now)) {
    touched_[key] = now;
    return found(*known);
  }
  restore(std::move(key), now, std::move(found));
}

void SessionDirectory::restore(std::string token_sha256, Timestamp now, Found found) {
  const auto shared = std::make_shared<Found>(std::move(found));
  const bool asked = accounts_.ask(
      [token_sha256](storage::AccountStore& store) { return read_session(store, token_sha256); },
      [this, now, shared](Result<std::optional<Restored>> restored) {
        if (!restored) return (*shared)(std::unexpected(restored.error()));
        if (!*restored || !table_.alive((*restored)->session, now)) {
          return (*shared)(std::optional<SignedIn>());
        }
        finish_restore(std::move((*restored)->session), std::move((*restored)->password_hash),
                       std::move(*shared));
      });
  if (!asked) (*shared)(fail(Errc::unavailable, "too many requests wait for the database"));
}

void SessionDirectory::finish_restore(SignedIn session, const std::string& hash, Found found) {
  session.last_seen = std::max(session.last_seen, session.created_at);
  const auto shared = std::make_shared<Found>(std::move(found));
  const std::string username = session.username;
  default_password_.check(
      username, hash,
      [this, shared, session = std::move(session)](Result<bool> is_default) mutable {
        if (!is_default) return (*shared)(std::unexpected(is_default.error()));
        session.default_password = *is_default;
        table_.add(session);
        (*shared)(std::optional(std::move(session)));
      });
}

std::string SessionDirectory::open(SignedIn session) {
  std::string token = random_hex(token_bytes);
  session.token_sha256 = session_key(token);
  const storage::Session stored{session.token_sha256, session.user_id, session.created_at,
                                session.last_seen, session.remote_address};
  table_.add(std::move(session));
  store(stored);
  return token;
}

void SessionDirectory::store(const storage::Session& session) {
  unstored_[session.token_sha256] = session;
  accounts_.ask([session](storage::AccountStore& store) { return store.add_session(session); },
                [this, key = session.token_sha256](Result<void> done) {
                  log_failure(done, "session not stored");
                  if (done) unstored_.erase(key);
                });
}

void SessionDirectory::forget_in_database(const std::string& token_sha256) {
  accounts_.ask(
      [token_sha256](storage::AccountStore& store) { return store.remove_session(token_sha256); },
      [](Result<void> done) { log_failure(done, "session not removed"); });
}

void SessionDirectory::close(const std::string& token_sha256) {
  table_.remove(token_sha256);
  touched_.erase(token_sha256);
  unstored_.erase(token_sha256);
  forget_in_database(token_sha256);
}

std::vector<std::string> SessionDirectory::forget_user(std::int64_t user_id,
                                                       const std::string& keep) {
  auto removed = table_.remove_user(user_id, keep);
  for (const auto& key : removed) {
    // Where the database did not hear of it yet, it must not get it later.
    if (unstored_.erase(key) > 0) forget_in_database(key);
    touched_.erase(key);
  }
  return removed;
}

std::vector<std::string> SessionDirectory::stored_keys() const {
  std::vector<std::string> keys = table_.keys();
  std::erase_if(keys, [this](const std::string& key) { return unstored_.contains(key); });
  return keys;
}

std::vector<std::string> SessionDirectory::keep_standing(
    const std::vector<std::string>& asked,
    const std::vector<storage::AccountStore::Standing>& standing) {
  std::unordered_map<std::string, storage::Role> roles;
  for (const auto& one : standing) roles[one.token_sha256] = one.role;
  std::vector<std::string> ended;
  for (const std::string& key : asked) {
    const SignedIn* known = table_.look(key);
    if (known == nullptr) continue;
    const auto there = roles.find(key);
    if (there != roles.end() && there->second == known->role) continue;
    table_.remove(key);
    touched_.erase(key);
    if (there != roles.end()) forget_in_database(key);  // Another role: a new session is needed.
    ended.push_back(key);
  }
  return ended;
}

std::vector<std::string> SessionDirectory::tick(Timestamp now) {
  auto touched = std::exchange(touched_, {});
  std::erase_if(unstored_, [this](const auto& entry) {
    return table_.look(entry.first) == nullptr;  // It ended meanwhile.
  });
  for (const auto& session : std::vector(unstored_.begin(), unstored_.end())) store(session.second);
  accounts_.ask(
      [touched = std::move(touched), now, limits = limits_](storage::AccountStore& store) {
        for (const auto& [key, at] : touched) {
          if (auto done = store.touch_session(key, at); !done) return done;
        }
        const auto removed =
            store.remove_expired_sessions(now - limits.idle, now - limits.absolute);
        return removed ? Result<void>() : std::unexpected(removed.error());
      },
      [](Result<void> done) { log_failure(done, "sessions not renewed in the database"); });
  return table_.expire(now);
}

}  // namespace wl::web
