// The connections of one process, shared by its threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/host_port.hpp"
#include "storage/mysql/connection.hpp"
#include "storage/store.hpp"

namespace wl::storage {

/// A queue of idle connections. Thread-safe. Limits: `pool_size` are kept, `max_overflow` more may
/// be open at a time; who comes then waits up to `timeout` and is refused with the figures.
///
/// Hosts are tried in order. One that did not answer is tried last for half a minute, so that a
/// dead first host does not cost every new connection its time-out. One that was silent, instead of
/// refusing at once, is not asked at all for as long as its silence took: callers get the same
/// error then, and a queue of them does not wait its time-out once each.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  /// A borrowed connection: goes back at the end of its life, or is closed when it broke.
  class Lease {
   public:
    Lease(std::shared_ptr<ConnectionPool> pool, std::unique_ptr<mysql::Connection> connection,
          std::chrono::steady_clock::time_point opened);
    ~Lease();
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    mysql::Connection& operator*() const { return *connection_; }
    mysql::Connection* operator->() const { return connection_.get(); }

   private:
    std::shared_ptr<ConnectionPool> pool_;
    std::unique_ptr<mysql::Connection> connection_;
    std::chrono::steady_clock::time_point opened_;
  };

  /// Connects to nothing yet. `invalid_argument` when `hosts` cannot be read.
  static Result<std::shared_ptr<ConnectionPool>> make(const MysqlOptions& options,
                                                      const mysql::Waits& waits);

  /// Throws DatabaseError: no host serves us, or all connections are busy.
  Lease borrow();
  /// Runs `work` on a borrowed connection, and once more on another one when that broke off (not
  /// when the server was silent): `work` must bear repetition.
  void on_connection(const std::function<void(mysql::Connection&)>& work);
  /// Closes the idle ones: after one was lost the others are likely to be dead as well.
  void forget_idle();

  PoolFigures figures() const;
  const mysql::Waits& waits() const { return waits_; }
  const MysqlOptions& options() const { return options_; }
  /// `energy_management at db1:3306, db2:3306`
  std::string place() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Idle {
    std::unique_ptr<mysql::Connection> connection;
    Clock::time_point opened;
    Clock::time_point returned;
  };
  struct KnownHost {
    HostPort host;
    Clock::time_point avoid_until{};
    Clock::time_point silent_until{};
    Error silence{};  ///< What is answered for it until then.
  };

  ConnectionPool(const MysqlOptions& options, std::vector<HostPort> hosts,
                 const mysql::Waits& waits);

  std::optional<Idle> take_idle_or_slot();
  std::optional<Lease> reuse(Idle idle);
  std::unique_ptr<mysql::Connection> connect_to_any();
  std::vector<std::size_t> order_of_hosts() const;
  std::optional<Error> silence_of(std::size_t host) const;
  void note_failure(std::size_t host, const Error& error, Clock::duration took);
  void give_back(std::unique_ptr<mysql::Connection> connection, Clock::time_point opened) noexcept;
  void free_slot() noexcept;
  std::size_t limit() const;

  const MysqlOptions options_;
  const mysql::Waits waits_;
  mutable std::mutex mutex_;  // For what follows; never held while a server is asked.
  std::condition_variable freed_;
  std::vector<Idle> idle_;
  std::size_t in_use_ = 0;
  std::vector<KnownHost> hosts_;
};

}  // namespace wl::storage
