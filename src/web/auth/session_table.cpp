#include "web/auth/session_table.hpp"

#include <algorithm>

#include "web/auth/digest.hpp"

namespace wl::web {

bool SessionTable::alive(const SignedIn& session, Timestamp now) const {
  return now - session.last_seen < limits_.idle && now - session.created_at < limits_.absolute;
}

void SessionTable::make_room() {
  if (sessions_.size() < limits_.capacity) return;
  const auto oldest = std::ranges::min_element(
      sessions_, {}, [](const auto& entry) { return entry.second.last_seen; });
  if (oldest != sessions_.end()) sessions_.erase(oldest);
}

void SessionTable::add(SignedIn session) {
  make_room();
  std::string key = session.token_sha256;
  sessions_.insert_or_assign(std::move(key), std::move(session));
}

const SignedIn* SessionTable::touch(const std::string& token_sha256, Timestamp now) {
  const auto found = sessions_.find(token_sha256);
  if (found == sessions_.end()) return nullptr;
  if (!alive(found->second, now)) {
    sessions_.erase(found);
    return nullptr;
  }
  // The wall clock may step back; a session must not look younger than it is.
  found->second.last_seen = std::max(found->second.last_seen, now);
  return &found->second;
}

const SignedIn* SessionTable::peek(const std::string& token_sha256, Timestamp now) const {
  const auto found = sessions_.find(token_sha256);
  return found != sessions_.end() && alive(found->second, now) ? &found->second : nullptr;
}

const SignedIn* SessionTable::look(const std::string& token_sha256) const {
  const auto found = sessions_.find(token_sha256);
  return found != sessions_.end() ? &found->second : nullptr;
}

bool SessionTable::remove(const std::string& token_sha256) {
  return sessions_.erase(token_sha256) > 0;
}

std::vector<std::string> SessionTable::remove_user(std::int64_t user_id, const std::string& keep) {
  std::vector<std::string> removed;
  std::erase_if(sessions_, [&](const auto& entry) {
    const bool goes = entry.second.user_id == user_id && entry.first != keep;
    if (goes) removed.push_back(entry.first);
    return goes;
  });
  return removed;
}

void SessionTable::set_default_password(std::int64_t user_id, bool is_default) {
  for (auto& [key, session] : sessions_) {
    if (session.user_id == user_id) session.default_password = is_default;
  }
}

std::vector<std::string> SessionTable::keys() const {
  std::vector<std::string> all;
  all.reserve(sessions_.size());
  for (const auto& [key, session] : sessions_) all.push_back(key);
  return all;
}

std::vector<std::string> SessionTable::expire(Timestamp now) {
  std::vector<std::string> removed;
  std::erase_if(sessions_, [&](const auto& entry) {
    const bool goes = !alive(entry.second, now);
    if (goes) removed.push_back(entry.first);
    return goes;
  });
  return removed;
}

std::string csrf_token(const std::string& secret_key, const std::string& token_sha256) {
  return hmac_sha256_hex(secret_key, "csrf:" + token_sha256);
}

}  // namespace wl::web
