// Failed sign-ins in the audit log, however many there are.
#pragma once

#include <string>
#include <unordered_map>

#include "web/api/audit_trail.hpp"

namespace wl::web {

/// The first failure of an account from an address is an entry at once; those that follow within a
/// minute become one entry with their number when it is over. Lives on the loop's thread.
///
/// A name that no account has is not written: people type their password there by mistake.
class LoginAudit {
 public:
  static constexpr Milliseconds window{60'000};
  /// Pairs of account and address at a time; what goes beyond is counted under one name.
  static constexpr std::size_t capacity = 1'000;

  explicit LoginAudit(AuditTrail& trail) : trail_(trail) {}

  /// `account` empty: a name that no account has.
  void failed(const std::string& account, const std::string& remote_address, Timestamp now);
  void tick(Timestamp now);

 private:
  struct Window {
    std::string account;
    std::string remote_address;
    Timestamp began{};
    std::uint64_t more = 0;
  };
  void write(const Window& failures, Timestamp at, std::uint64_t count);

  AuditTrail& trail_;
  std::unordered_map<std::string, Window> windows_;
};

/// The actor where nobody was let in.
inline const std::string nobody = "-";

/// `user anna`, or `unknown user`.
std::string login_subject(const std::string& account);

}  // namespace wl::web
