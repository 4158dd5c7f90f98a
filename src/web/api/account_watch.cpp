#include "web/api/account_watch.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace wl::web {

/// What the database knows.
struct AccountWatch::Seen {
  std::vector<storage::AccountStore::Standing> sessions;
  std::vector<storage::OwnedToken> tokens;
  std::vector<storage::Unlocked> unlocked;
};

void AccountWatch::tick(Timestamp now) {
  const bool clock_stepped_back = next_ - now > interval;
  if (asking_ || (now < next_ && !clock_stepped_back)) return;
  next_ = now + interval;
  auto sessions = tools_.sessions.stored_keys();
  auto tokens = tools_.tokens.keys();
  asking_ = tools_.accounts.ask(
      [sessions, tokens, since = unlocks_seen_](storage::AccountStore& store) -> Result<Seen> {
        auto standing = store.standing_sessions(sessions);
        if (!standing) return std::unexpected(standing.error());
        auto owned = store.tokens().standing(tokens);
        if (!owned) return std::unexpected(owned.error());
        auto unlocked = store.unlocked_since(since);
        if (!unlocked) return std::unexpected(unlocked.error());
        return Seen{std::move(*standing), std::move(*owned), std::move(*unlocked)};
      },
      [this, sessions, tokens](Result<Seen> seen) {
        asking_ = false;
        if (seen) return take(sessions, tokens, *seen);
        spdlog::warn("accounts not compared with the database: {}", seen.error().what);
      });
}

void AccountWatch::take(const std::vector<std::string>& sessions,
                        const std::vector<std::string>& tokens, const Seen& seen) {
  constexpr std::string_view reason = "it was ended elsewhere";
  tools_.end_live(tools_.sessions.keep_standing(sessions, seen.sessions), reason);
  tools_.end_live(tools_.tokens.keep_standing(tokens, seen.tokens), reason);
  for (const storage::Unlocked& unlocked : seen.unlocked) {
    tools_.limiter.unlock(unlocked.username, unlocked.at);
    unlocks_seen_ = std::max(unlocks_seen_, unlocked.at);
  }
}

}  // namespace wl::web
