// The thread that owns the spool: records in, acknowledgements and batches out.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include "apps/collector/store_writer.hpp"
#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "collector/forward/store_and_forward.hpp"
#include "storage/spool/posix_files.hpp"

namespace wl {

/// Where its actions go. Called on the keeper's thread; they must not wait.
struct KeeperOutputs {
  std::function<void(std::uint64_t seq)> durable;
  std::function<void(std::shared_ptr<const collector::Record>)> write;
};

/// Any thread may post. Records beyond 64 MB that wait for a disk that hangs are refused: keep()
/// throws, and their time becomes a gap.
class SpoolKeeper {
 public:
  /// Opens `<directory>`; a disk that cannot be read in part costs what it holds, not the start.
  /// Throws StartError: in use by another process, a newer version, no permission. `plant` must
  /// outlive it.
  SpoolKeeper(const std::filesystem::path& directory, const Plant& plant,
              const collector::ForwardOptions& options);
  ~SpoolKeeper();  ///< Ends the thread; what is not on disk by then is lost.

  /// Before start().
  std::optional<Timestamp> covered_until() const { return forward_->covered_until(); }
  std::uint64_t last_seq() const { return forward_->last_seq(); }

  void start(KeeperOutputs outputs);

  void keep(collector::Record record);
  /// Done on the keeper's thread before any record that is kept later; must not throw.
  void do_before(std::function<void()> task) { events_.push(std::move(task)); }
  void on_opened(DatabaseOpened opened) { events_.push(opened); }
  void on_away(std::string reason) { events_.push(AwayEvent{std::move(reason)}); }
  void on_written(WriteDone done) { events_.push(std::move(done)); }

  /// Waits until everything is on disk and, when the database takes it, stored; at most `patience`.
  /// False when something is not on disk.
  bool finish(Milliseconds patience);

  collector::ForwardFigures figures() const { return *figures_.get(); }
  Milliseconds last_batch_took() const { return Milliseconds{last_batch_ms_}; }

 private:
  struct AwayEvent {
    std::string reason;
  };
  struct StopEvent {};
  using Event = std::variant<collector::Record, std::function<void()>, DatabaseOpened, AwayEvent,
                             WriteDone, StopEvent>;

  void run();
  void turn(Milliseconds wait);
  void handle(Event event);
  void on_done(const WriteDone& done);
  void perform(collector::ForwardActions actions);
  bool finished() const;

  std::unique_ptr<storage::spool::PosixSpoolFiles> files_;
  std::unique_ptr<collector::StoreAndForward> forward_;
  KeeperOutputs outputs_;
  BoundedQueue<Event> events_{100'000, WhenFull::refuse};
  std::deque<Event> taken_;  ///< Out of the queue, not handled yet.
  std::atomic<std::size_t> queued_bytes_ = 0;
  std::atomic<std::int64_t> patience_ms_ = 0;
  std::atomic<std::int64_t> last_batch_ms_ = 0;
  std::atomic<bool> settled_ = true;
  bool stopping_ = false;
  bool failing_ = false;
  Milliseconds give_up_ = Milliseconds::max();
  SnapshotCell<collector::ForwardFigures> figures_;
  std::thread thread_;
};

}  // namespace wl
