// The hash chain of the audit log: how entries are sealed, and what a walk along them proves.
#pragma once

#include <optional>
#include <string>

#include "storage/audit_store.hpp"

namespace wl::web {

/// HMAC-SHA-256 under a key made of the installation's secret: who may write to the database but
/// does not have the key can neither change an entry nor add one. Pure.
class AuditChain : public storage::AuditSealer {
 public:
  explicit AuditChain(const std::string& secret_key);

  std::string hash_of(const storage::AuditRow& row) const override;
  std::string seal_of(const storage::AuditHead& head) const override;

 private:
  std::string key_;
};

/// Cuts each text to what the table holds, at a character's edge, with `…` where something is
/// missing, and replaces what is not UTF-8. Fills an empty `ref` with a random one.
storage::AuditRow ready_for_log(storage::AuditRow row);

/// The first place at which the chain does not hold.
struct AuditFault {
  enum class Kind {
    removed,   ///< Entries are missing before the one named.
    changed,   ///< Its content is not what was sealed: it was changed, or forged.
    replaced,  ///< It is genuine, but does not follow the one before.
    cut_off,   ///< Entries are missing at the end.
    added,     ///< There are more entries than were ever written.
    head,      ///< The record of the head was changed or removed.
    other,     ///< The entry of the anchor is another one than then.
  };
  Kind kind;
  std::int64_t id = 0;     ///< Of the entry; of the first missing one.
  std::int64_t count = 1;  ///< How many, where entries are missing or too many.
};

/// In one line, for a person.
std::string sentence(const AuditFault& fault);

/// Number and hash of an entry as somebody wrote them down: `1234:9f86d081…`.
struct AuditAnchor {
  std::int64_t id = 0;
  std::string hash;  ///< At least its first 16 digits.
};
std::optional<AuditAnchor> parse_anchor(std::string_view text);

/// Takes the entries one by one, oldest first, and remembers only the last. Pure.
class AuditWalk {
 public:
  AuditWalk(const AuditChain& chain, std::optional<AuditAnchor> anchor)
      : chain_(chain), anchor_(std::move(anchor)) {}

  /// The fault at this entry, if there is one; the walk is over then.
  std::optional<AuditFault> take(const storage::AuditRow& row);
  /// After the last entry. `head`: of the same moment.
  std::optional<AuditFault> finish(const std::optional<storage::AuditHead>& head) const;

  std::int64_t entries() const { return last_id_; }
  /// `1234:9f86d081884c7d65`: to be kept outside the database.
  std::string anchor() const;

 private:
  const AuditChain& chain_;
  std::optional<AuditAnchor> anchor_;
  std::int64_t last_id_ = 0;
  std::string last_hash_;
};

}  // namespace wl::web
