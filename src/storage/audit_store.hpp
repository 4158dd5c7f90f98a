// The audit log: who did what. Append-only and chained by hashes. The interface of both backends.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace wl::storage {

struct AuditRow {
  std::int64_t id = 0;  ///< From 1, without a hole.
  Timestamp at{};
  std::string actor;
  std::string remote_address;
  std::string action;
  std::string subject;
  std::string before;
  std::string after;
  std::string ref;            ///< Chosen by who writes: the same entry twice is stored once.
  std::string previous_hash;  ///< Empty in the first entry.
  std::string hash;
};

/// What the log looked like after the last entry; kept beside it.
struct AuditHead {
  std::int64_t entries = 0;
  std::string hash;  ///< Of the last entry.
  std::string seal;  ///< Empty while there is no entry.
};

/// Knows the key of the chain; this room does not. Called inside the transaction of an append.
class AuditSealer {
 public:
  virtual ~AuditSealer() = default;
  /// Over all members but `hash`.
  virtual std::string hash_of(const AuditRow& row) const = 0;
  /// Over entries and hash.
  virtual std::string seal_of(const AuditHead& head) const = 0;
};

struct AuditFilter {
  /// `anna` also finds `anna/token:…`; `user` also finds `user.add`. Empty: any.
  std::string actor;
  std::string action;
  std::optional<Timestamp> from;  ///< At or after.
  std::optional<Timestamp> to;    ///< Before.
};

struct AuditPage {
  std::vector<AuditRow> rows;
  std::int64_t total = 0;  ///< Of the filter.
};

/// A stretch of the log and its head, of the same moment.
struct AuditStretch {
  std::vector<AuditRow> rows;
  std::optional<AuditHead> head;
};

/// Part of an AccountStore. Not thread-safe; several processes may append at the same time.
class AuditStore {
 public:
  virtual ~AuditStore() = default;

  /// All or none, in this order. Numbers and hashes are filled in under the lock of the head, so
  /// that appends of several processes form one chain. A row whose `ref` is there already is left
  /// out: repeating an append of unknown outcome is safe.
  virtual Result<void> append(std::span<const AuditRow> rows, const AuditSealer& sealer) = 0;
  /// Newest first.
  virtual Result<AuditPage> page(const AuditFilter& filter, std::size_t offset,
                                 std::size_t limit) = 0;
  /// Oldest first, those with a number above `after_id`.
  virtual Result<AuditStretch> stretch(std::int64_t after_id, std::size_t limit) = 0;
  /// Whether the database itself refuses to change or remove entries. On some servers the account
  /// of Wattline may not make triggers.
  virtual Result<bool> is_guarded() = 0;
};

}  // namespace wl::storage
