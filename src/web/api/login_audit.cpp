#include "web/api/login_audit.hpp"

#include <fmt/format.h>

namespace wl::web {

std::string login_subject(const std::string& account) {
  return account.empty() ? "unknown user" : "user " + account;
}

void LoginAudit::failed(const std::string& account, const std::string& remote_address,
                        Timestamp now) {
  std::string key = account + '\n' + remote_address;
  Window fresh{account, remote_address, now, 0};
  if (!windows_.contains(key) && windows_.size() >= capacity) {
    key = "\n";  // No address is empty.
    fresh = {"", "", now, 0};
  }
  const auto [found, is_new] = windows_.try_emplace(std::move(key), std::move(fresh));
  if (is_new) return write(found->second, now, 1);
  ++found->second.more;
}

void LoginAudit::tick(Timestamp now) {
  for (auto entry = windows_.begin(); entry != windows_.end();) {
    Window& open = entry->second;
    if (now < open.began + window) {
      ++entry;
    } else if (open.more == 0) {
      entry = windows_.erase(entry);
    } else {
      write(open, now, open.more);
      open.began = now;
      open.more = 0;
      ++entry;
    }
  }
}

void LoginAudit::write(const Window& failures, Timestamp at, std::uint64_t count) {
  AuditEntry entry;
  entry.at = at;
  entry.actor = nobody;
  entry.remote_address = failures.remote_address;
  entry.action = "login.failed";
  entry.subject = login_subject(failures.account);
  entry.after = fmt::format(R"({{"attempts":{}}})", count);
  trail_.record(std::move(entry));
}

}  // namespace wl::web
