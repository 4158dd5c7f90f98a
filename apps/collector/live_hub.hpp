// The live values on run/live.sock: one JSON a line, to every process that connects.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "apps/collector/unique_fd.hpp"
#include "base/bounded_queue.hpp"
#include "base/result.hpp"
#include "model/live_message.hpp"

namespace wl {

/// Sends a snapshot to each new reader, then what changes. Its own thread owns all sockets; any
/// thread may post().
///
/// Limits: 64 readers (more are closed at once); changes of 20 ms travel together; a reader that
/// lets 1 MiB pile up is dropped, the others do not notice. What readers send is thrown away.
class LiveHub {
 public:
  /// Binds (see listen_at) and starts the thread.
  static Result<std::unique_ptr<LiveHub>> start(const std::filesystem::path& path);
  ~LiveHub();  ///< Stops, closes all readers and removes the socket file.
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  /// Merged into the snapshot and sent to all; `ts` is set when it is sent.
  void post(LiveMessage message);

  int readers() const { return readers_; }
  std::uint64_t slow_readers_dropped() const { return dropped_; }

  static constexpr std::size_t max_readers = 64;
  static constexpr std::size_t max_backlog_bytes = 1 << 20;

 private:
  using Clock = std::chrono::steady_clock;

  struct Reader {
    UniqueFd socket;
    std::string unsent;
    bool gone = false;
  };

  LiveHub(std::filesystem::path path, UniqueFd listener);

  void run();
  void turn();
  void wait(Clock::time_point until);
  void take_posted();
  void accept_readers();
  void hear(Reader& reader);
  void flush_due(Clock::time_point now);
  void broadcast(LiveMessage message);
  void send(Reader& reader, const std::string& line);
  void push_out(Reader& reader);
  void remove_gone();

  const std::filesystem::path path_;
  UniqueFd listener_;
  UniqueFd wake_;
  BoundedQueue<LiveMessage> posted_{10'000, WhenFull::drop_oldest};
  std::atomic<int> readers_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;

  // The rest belongs to the thread.
  LiveMessage snapshot_;
  LiveMessage pending_;
  std::vector<Reader> all_;
  Clock::time_point last_values_{};
  Clock::time_point accept_again_{};
  std::thread thread_;
};

}  // namespace wl
