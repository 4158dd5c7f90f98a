// What the system keeps: samples, latest values, link history. The interface of both backends.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/link_interval.hpp"
#include "model/plant.hpp"
#include "model/sample.hpp"

namespace wl::storage {

using wl::LinkInterval;

/// What one batch brings. (source, seq) is the exactly-once key: a batch that was written before
/// is skipped and reported as success.
struct Batch {
  std::string source;  ///< Who collected it: the collector's spool identity.
  std::uint64_t seq = 0;
  std::vector<Sample> samples;          ///< Ordered by source time per point.
  std::vector<LinkInterval> intervals;  ///< Adjoining ones of the same kind and cause are joined;
                                        ///< time that is already covered keeps what it had.
};

struct RawQuery {
  std::vector<PointId> points;
  Timestamp from{};               ///< Inclusive.
  Timestamp to{};                 ///< Exclusive.
  std::uint32_t limit = 100'000;  ///< Samples at most over all points; at least one a point.
};

struct RawSeries {
  PointId point;
  std::optional<Sample> before;  ///< The value held at `from`, if one is known.
  std::vector<Sample> samples;   ///< Changes in [from, to), in time order.
};

struct RawAnswer {
  std::vector<RawSeries> series;        ///< In the order of the query.
  std::vector<LinkInterval> intervals;  ///< All that touch [from, to), in time order.
  bool cut = false;                     ///< The limit was reached.
  Timestamp complete_to{};  ///< All series are whole in [from, complete_to): ask on from here when
                            ///< cut; equals the query's `to` otherwise.
};

/// One process's access to the database. Not thread-safe: one thread owns a Store. Only the
/// collector writes samples; it alone checkpoints the WAL. Errors: `unavailable` (locked longer
/// than the busy time-out, disk full), `corrupt` (names the file), `permission`.
class Store {
 public:
  virtual ~Store() = default;

  /// One transaction: when it returns success the batch is on disk (synced), when it fails nothing
  /// of it is stored. Two samples of one point with the same source time: the later one stays.
  virtual Result<void> write_batch(const Batch& batch) = 0;
  /// The highest seq stored for a source; 0 when none.
  virtual Result<std::uint64_t> last_seq(const std::string& source) = 0;
  /// The newest sample of every point that has one.
  virtual Result<std::vector<Sample>> latest() = 0;
  virtual Result<RawAnswer> read_raw(const RawQuery& query) = 0;
  /// First and last source time stored over all points; nothing in an empty database.
  virtual Result<std::optional<std::pair<Timestamp, Timestamp>>> extent() = 0;
  /// Flushes the write-ahead log into the database file. Collector only.
  virtual Result<void> checkpoint() = 0;
};

/// The collector's own access: the only one that moves the write-ahead log into the file.
class CollectorStore : public Store {
 public:
  /// Up to when link intervals are recorded; nothing before the first batch. What lies between
  /// this and the start of a collector is a gap.
  virtual Result<std::optional<Timestamp>> covered_until() = 0;
};

enum class Role { user, admin };

struct User {
  std::int64_t id = 0;
  std::string username;
  std::string password_hash;  ///< bcrypt, `$2b$`.
  Role role = Role::user;
  std::string email;
  Timestamp created_at{};
  std::optional<Timestamp> last_login;
  int failed_login_attempts = 0;
  std::optional<Timestamp> locked_until;
};

/// A signed-in browser. Only the SHA-256 of the cookie is stored.
struct Session {
  std::string token_sha256;  ///< Hex.
  std::int64_t user_id = 0;
  Timestamp created_at{};
  Timestamp last_seen{};
  std::string remote_address;
};

/// Users and sessions: written by the web process and by `wattline`. Not thread-safe.
class AccountStore {
 public:
  virtual ~AccountStore() = default;

  virtual Result<std::optional<User>> find_user(const std::string& username) = 0;
  virtual Result<std::optional<User>> find_user(std::int64_t id) = 0;
  virtual Result<std::vector<User>> users() = 0;
  /// `conflict` when the name is taken. Returns the id.
  virtual Result<std::int64_t> add_user(const User& user) = 0;
  virtual Result<void> set_password_hash(std::int64_t user, const std::string& hash) = 0;
  virtual Result<void> record_login(std::int64_t user, Timestamp at) = 0;
  /// Counts a failed attempt; locks until `locked_until` when given.
  virtual Result<void> record_failed_login(std::int64_t user, int attempts,
                                           std::optional<Timestamp> locked_until) = 0;

  virtual Result<void> add_session(const Session& session) = 0;
  virtual Result<std::optional<Session>> find_session(const std::string& token_sha256) = 0;
  virtual Result<void> touch_session(const std::string& token_sha256, Timestamp at) = 0;
  virtual Result<void> remove_session(const std::string& token_sha256) = 0;
  /// Sessions last seen before `idle_since` or created before `created_since`. Returns how many.
  virtual Result<int> remove_expired_sessions(Timestamp idle_since, Timestamp created_since) = 0;
};

struct DatabaseOptions {
  std::string sqlite_path;
  Milliseconds busy_timeout{5000};  ///< How long a call waits for another process's lock.
};

struct MigrationReport {
  int from_version = 0;
  int to_version = 0;
};

/// Creates the file (mode 0600) and brings the schema up to date; idempotent. Refuses with the path
/// and the next step, and leaves the file as it is: `conflict` for a newer schema or another
/// program's database, `corrupt` for a damaged or other file.
Result<MigrationReport> migrate(const DatabaseOptions& options);

/// `plant` must outlive the Store. `not_found` when the database was not initialised.
Result<std::unique_ptr<Store>> open_store(const DatabaseOptions& options, const Plant& plant);
/// For the collector process only; see CollectorStore.
Result<std::unique_ptr<CollectorStore>> open_collector_store(const DatabaseOptions& options,
                                                             const Plant& plant);
Result<std::unique_ptr<AccountStore>> open_account_store(const DatabaseOptions& options);

}  // namespace wl::storage
