// CACHE_ENABLED=True: what run/live.sock says goes to Redis, and orders come back from there.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "apps/collector/unique_fd.hpp"
#include "base/snapshot_cell.hpp"
#include "cache/redis.hpp"

namespace wl {

/// For the status of the collector.
struct RedisFigures {
  bool up = false;
  std::string reason = "not connected yet";  ///< Why not up; empty when up.
  std::uint64_t published = 0;               ///< Messages since the start.
  std::uint64_t orders = 0;
  std::uint64_t orders_refused = 0;
  std::uint64_t restarts = 0;  ///< Times that it had to begin anew with everything.
};

/// An ordinary reader of the collector's own live socket, on a thread of its own. So Redis can
/// never hold the collector up: the socket's backlog (1 MiB) is the queue between the two, and a
/// bridge that falls that far behind is dropped by the hub, comes back and publishes everything as
/// it is then: what was dropped were values that had newer ones.
///
/// After a break on either side it begins anew: at once, then after 0.1 s doubling to 2 s.
class RedisBridge {
 public:
  RedisBridge(cache::RedisOptions redis, std::filesystem::path live_socket);
  ~RedisBridge();  ///< Waits for the answer at hand, RedisOptions::patience at most.
  RedisBridge(const RedisBridge&) = delete;
  RedisBridge& operator=(const RedisBridge&) = delete;

  /// Any thread.
  RedisFigures figures() const { return *figures_.get(); }

 private:
  void run();
  std::string attempt();
  /// False: it is time to stop.
  bool wait(Milliseconds pause) const;
  void tell(bool up, std::string reason);

  const cache::RedisOptions redis_;
  const std::filesystem::path live_socket_;
  const UniqueFd stop_;
  SnapshotCell<RedisFigures> figures_;
  RedisFigures counted_;  // Of the thread, like all below.
  bool was_up_ = false;
  std::thread thread_;
};

}  // namespace wl
