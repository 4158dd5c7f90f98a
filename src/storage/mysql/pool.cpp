#include "storage/mysql/pool.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace wl::storage {
namespace {

using mysql::Connection;

/// A connection that lay longer is asked before it is used.
constexpr std::chrono::seconds trusted_idle{5};
/// The server closes an idle one after 300 s (mysql/session.cpp).
constexpr std::chrono::seconds max_idle{240};
constexpr std::chrono::seconds avoid_dead_host{30};
/// A host that refuses does so sooner.
constexpr std::chrono::milliseconds silence{500};

}  // namespace

ConnectionPool::Lease::Lease(std::shared_ptr<ConnectionPool> pool,
                             std::unique_ptr<Connection> connection,
                             std::chrono::steady_clock::time_point opened)
    : pool_(std::move(pool)), connection_(std::move(connection)), opened_(opened) {}

ConnectionPool::Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_), opened_);
}

Result<std::shared_ptr<ConnectionPool>> ConnectionPool::make(const MysqlOptions& options,
                                                             const mysql::Waits& waits) {
  std::vector<HostPort> hosts;
  for (const std::string& text : options.hosts) {
    const auto host = parse_host_port(text, options.port);
    if (!host) return std::unexpected(host.error());
    hosts.push_back(*host);
  }
  if (hosts.empty()) return fail(Errc::invalid_argument, "no database host is named (DB_HOST)");
  return std::shared_ptr<ConnectionPool>(new ConnectionPool(options, std::move(hosts), waits));
}

ConnectionPool::ConnectionPool(const MysqlOptions& options, std::vector<HostPort> hosts,
                               const mysql::Waits& waits)
    : options_(options), waits_(waits) {
  for (HostPort& host : hosts) hosts_.push_back({.host = std::move(host)});
}

ConnectionPool::Lease ConnectionPool::borrow() {
  while (auto idle = take_idle_or_slot()) {  // Ends: each round uses up an idle connection.
    if (auto lease = reuse(std::move(*idle))) return std::move(*lease);
  }
  try {
    return {shared_from_this(), connect_to_any(), Clock::now()};
  } catch (...) {
    free_slot();
    throw;
  }
}

void ConnectionPool::on_connection(const std::function<void(Connection&)>& work) {
  try {
    const Lease lease = borrow();
    work(*lease);
  } catch (const mysql::ConnectionLost& lost) {
    forget_idle();
    if (lost.was_silence()) throw;
    const Lease lease = borrow();
    work(*lease);
  }
}

/// An idle connection, or nothing: then one may be opened, and it is counted already.
std::optional<ConnectionPool::Idle> ConnectionPool::take_idle_or_slot() {
  std::unique_lock lock(mutex_);
  const auto can_go_on = [&] { return !idle_.empty() || in_use_ < limit(); };
  if (!freed_.wait_for(lock, options_.timeout, can_go_on)) {
    throw DatabaseError(
        {Errc::unavailable,
         fmt::format("all {} connections to the database (DB_POOL_SIZE {} + DB_MAX_OVERFLOW {}) "
                     "were busy for {} ms: raise them in .env, or look for slow queries",
                     limit(), options_.pool_size, options_.max_overflow,
                     options_.timeout.count())});
  }
  ++in_use_;
  if (idle_.empty()) return std::nullopt;
  Idle newest = std::move(idle_.back());
  idle_.pop_back();
  return newest;
}

std::optional<ConnectionPool::Lease> ConnectionPool::reuse(Idle idle) {
  const auto now = Clock::now();
  const bool too_old = now - idle.opened > options_.recycle || now - idle.returned > max_idle;
  const bool usable = !too_old && (now - idle.returned <= trusted_idle || idle.connection->alive());
  if (!usable) {
    free_slot();
    return std::nullopt;
  }
  return Lease(shared_from_this(), std::move(idle.connection), idle.opened);
}

std::unique_ptr<Connection> ConnectionPool::connect_to_any() {
  std::vector<Error> refusals;
  for (const std::size_t index : order_of_hosts()) {
    if (const auto known = silence_of(index)) {
      refusals.push_back(*known);
      continue;
    }
    const auto began = Clock::now();
    try {
      auto connection = std::make_unique<Connection>(hosts_[index].host, options_, waits_);
      const std::lock_guard lock(mutex_);
      hosts_[index].avoid_until = {};
      return connection;
    } catch (const mysql::HostUnusable& refusal) {
      note_failure(index, refusal.error(), Clock::now() - began);
      refusals.push_back(refusal.error());
    }
  }
  if (refusals.size() == 1) throw DatabaseError(refusals[0]);
  std::vector<std::string> reasons;
  for (const Error& refusal : refusals) reasons.push_back(refusal.what);
  throw DatabaseError({Errc::unavailable, fmt::format("none of the {} hosts of DB_HOST serves: {}",
                                                      reasons.size(), fmt::join(reasons, "; "))});
}

std::optional<Error> ConnectionPool::silence_of(std::size_t host) const {
  const std::lock_guard lock(mutex_);
  if (Clock::now() >= hosts_[host].silent_until) return std::nullopt;
  return hosts_[host].silence;
}

void ConnectionPool::note_failure(std::size_t host, const Error& error, Clock::duration took) {
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  hosts_[host].avoid_until = now + avoid_dead_host;
  if (took < silence) return;
  hosts_[host].silent_until = now + took;
  hosts_[host].silence = error;
}

/// As they are named; those to avoid come last.
std::vector<std::size_t> ConnectionPool::order_of_hosts() const {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  std::vector<std::size_t> order;
  for (const bool avoided : {false, true}) {
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      if ((hosts_[i].avoid_until > now) == avoided) order.push_back(i);
    }
  }
  return order;
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection,
                               Clock::time_point opened) noexcept {
  const auto now = Clock::now();
  const bool keep = !connection->broken() && now - opened <= options_.recycle;
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (keep && idle_.size() + in_use_ < static_cast<std::size_t>(options_.pool_size)) {
      idle_.push_back({std::move(connection), opened, now});
    }
  }
  freed_.notify_one();
}  // A connection that was not kept is closed here, outside of the lock.

void ConnectionPool::free_slot() noexcept {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
  }
  freed_.notify_one();
}

void ConnectionPool::forget_idle() {
  std::vector<Idle> dead;
  const std::lock_guard lock(mutex_);
  dead.swap(idle_);
}

std::size_t ConnectionPool::limit() const {
  return static_cast<std::size_t>(std::max(1, options_.pool_size + options_.max_overflow));
}

PoolFigures ConnectionPool::figures() const {
  const std::lock_guard lock(mutex_);
  return {.in_use = in_use_, .idle = idle_.size(), .limit = limit()};
}

Result<std::shared_ptr<ConnectionPool>> make_connection_pool(const MysqlOptions& options,
                                                             Milliseconds lock_wait) {
  return ConnectionPool::make(options, {.answer = options.timeout, .lock = lock_wait});
}

PoolFigures pool_figures(const ConnectionPool& pool) {
  return pool.figures();
}

std::string ConnectionPool::place() const {
  std::vector<std::string> names;
  for (const KnownHost& known : hosts_) names.push_back(known.host.text());
  return fmt::format("{} at {}", options_.database, fmt::join(names, ", "));
}

}  // namespace wl::storage
