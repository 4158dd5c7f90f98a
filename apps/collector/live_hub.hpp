// run/live.sock: live values and alarms to every process that connects, and orders back.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "apps/collector/live_alarms.hpp"
#include "apps/collector/unique_fd.hpp"
#include "base/bounded_queue.hpp"
#include "base/result.hpp"
#include "base/snapshot_cell.hpp"
#include "model/live_message.hpp"
#include "model/live_order.hpp"

namespace wl {

/// Names a reader until it is gone; never used twice.
using ReaderId = std::uint64_t;
/// Takes an order, on the hub's thread, and must not wait; LiveHub::answer() follows once.
using OrderSink = std::function<void(ReaderId from, LiveOrder order)>;

/// Sends a snapshot to each new reader, then what changes; takes orders of readers, a line each.
/// Its own thread owns all sockets; any thread may post() and answer().
///
/// Limits: 64 readers (more are closed at once); changes of 20 ms travel together; a reader that
/// lets 1 MiB pile up is dropped, the others do not notice; so is one that sends what is no order,
/// or 64 KiB without a line feed. 100 orders of a reader may wait; a further one is answered
/// `unavailable`. The answer to a reader that is gone is counted and lost.
class LiveHub {
 public:
  /// Binds (see listen_at) and starts the thread.
  static Result<std::unique_ptr<LiveHub>> start(const std::filesystem::path& path);
  ~LiveHub();  ///< Stops, closes all readers and removes the socket file.
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  /// Merged into the snapshot and sent to all; `ts` is set when it is sent.
  void post(LiveMessage message);

  /// From now on. Before, orders are answered `unavailable`. Whoever stands behind the sink must
  /// outlive the hub.
  void take_orders(OrderSink sink) { sink_.set(std::move(sink)); }
  void answer(ReaderId reader, LiveAnswer answer);

  int readers() const { return readers_; }
  std::uint64_t slow_readers_dropped() const { return dropped_; }
  std::uint64_t bad_readers_dropped() const { return bad_dropped_; }
  std::uint64_t answers_lost() const { return answers_lost_; }

  static constexpr std::size_t max_readers = 64;
  static constexpr std::size_t max_backlog_bytes = 1 << 20;
  static constexpr int max_unanswered = 100;

 private:
  using Clock = std::chrono::steady_clock;

  struct Reader {
    UniqueFd socket;
    ReaderId id = 0;
    std::string unsent = {};
    std::string received = {};  ///< Up to the first line feed that is not there yet.
    int unanswered = 0;
    bool gone = false;
  };
  struct Posted {
    LiveMessage message;
    ReaderId only_to = 0;  ///< An answer; 0: to all.
  };

  LiveHub(std::filesystem::path path, UniqueFd listener);

  void run();
  void turn();
  void wait(Clock::time_point until);
  void take_posted();
  void accept_readers();
  void hear(Reader& reader);
  void take_lines(Reader& reader);
  void on_line(Reader& reader, std::string_view line);
  void drop_bad(Reader& reader, const std::string& why);
  void pass_answer(Posted answer);
  void send_answer(Reader& reader, LiveAnswer answer);
  Clock::duration values_pause() const;
  std::optional<Clock::time_point> alarms_due() const;
  void flush_due(Clock::time_point now);
  void tell_alarms(Clock::time_point now);
  std::string snapshot_line();
  void broadcast(LiveMessage message);
  void send(Reader& reader, const std::string& line);
  void push_out(Reader& reader);
  void remove_gone();

  const std::filesystem::path path_;
  UniqueFd listener_;
  UniqueFd wake_;
  BoundedQueue<Posted> posted_{10'000, WhenFull::drop_oldest};
  SnapshotCell<OrderSink> sink_;
  std::atomic<int> readers_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::atomic<std::uint64_t> bad_dropped_ = 0;
  std::atomic<std::uint64_t> answers_lost_ = 0;

  // The rest belongs to the thread.
  LiveMessage snapshot_;
  LiveMessage pending_;
  LiveAlarms alarms_;
  std::vector<Reader> all_;
  ReaderId next_reader_ = 1;
  Clock::time_point last_values_{};
  Clock::time_point last_alarms_{};
  Clock::time_point accept_again_{};
  std::thread thread_;
};

}  // namespace wl
