#include "web/api/session_directory.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "web/auth/digest.hpp"
#include "web/auth/first_account.hpp"
#include "web/auth/password.hpp"

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

void SessionDirectory::find(const Request& request, Timestamp now, Found found) {
  const auto token = request.cookie(session_cookie);
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

void SessionDirectory::finish_restore(SignedIn session, std::string hash, Found found) {
  session.last_seen = std::max(session.last_seen, session.created_at);
  const auto keep = [this](SignedIn kept, Found& answer) {
    table_.add(kept);
    answer(std::optional(std::move(kept)));
  };
  if (session.username != default_username) return keep(std::move(session), found);
  if (hash == checked_hash_) {
    session.default_password = checked_is_default_;
    return keep(std::move(session), found);
  }
  const auto shared = std::make_shared<Found>(std::move(found));
  const bool asked = passwords_.ask(
      [hash](PasswordBench&) -> Result<bool> { return verify_password(default_password, hash); },
      [this, keep, shared, hash, session](Result<bool> is_default) mutable {
        checked_hash_ = hash;
        checked_is_default_ = is_default.value_or(false);
        session.default_password = checked_is_default_;
        keep(std::move(session), *shared);
      });
  if (!asked) (*shared)(fail(Errc::unavailable, "too many sign-ins wait"));
}

std::string SessionDirectory::open(SignedIn session) {
  std::string token = random_hex(token_bytes);
  session.token_sha256 = session_key(token);
  const storage::Session stored{session.token_sha256, session.user_id, session.created_at,
                                session.last_seen, session.remote_address};
  table_.add(std::move(session));
  accounts_.ask([stored](storage::AccountStore& store) { return store.add_session(stored); },
                [](Result<void> done) { log_failure(done, "session not stored"); });
  return token;
}

void SessionDirectory::forget_in_database(const std::string& token_sha256) {
  accounts_.ask(
      [token_sha256](storage::AccountStore& store) { return store.remove_session(token_sha256); },
      [](Result<void> done) { log_failure(done, "session not removed"); });
}

void SessionDirectory::close(const std::string& token_sha256) {
  table_.remove(token_sha256);
  touched_.erase(token_sha256);
  forget_in_database(token_sha256);
}

std::vector<std::string> SessionDirectory::close_others(const SignedIn& mine) {
  auto removed = table_.remove_user(mine.user_id, mine.token_sha256);
  for (const auto& key : removed) forget_in_database(key);
  return removed;
}

std::vector<std::string> SessionDirectory::tick(Timestamp now) {
  auto touched = std::exchange(touched_, {});
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
