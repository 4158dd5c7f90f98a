#include "web/api/default_password_check.hpp"

#include <memory>

#include "web/auth/first_account.hpp"
#include "web/auth/password.hpp"

namespace wl::web {

void DefaultPasswordCheck::check(const std::string& username, const std::string& hash, Told told) {
  if (username != default_username) return told(false);
  if (hash == checked_hash_) return told(is_default_);
  const auto shared = std::make_shared<Told>(std::move(told));
  const bool asked = passwords_.ask(
      [hash](PasswordBench&) -> Result<bool> { return verify_password(default_password, hash); },
      [this, shared, hash](Result<bool> is_default) {
        checked_hash_ = hash;
        is_default_ = is_default.value_or(false);
        (*shared)(is_default_);
      });
  if (!asked) (*shared)(fail(Errc::unavailable, "too many sign-ins wait"));
}

}  // namespace wl::web
