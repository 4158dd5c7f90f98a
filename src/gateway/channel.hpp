// One driver on one link with its tags; owns the thread that runs their pipelines.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/snapshot_cell.hpp"
#include "gateway/driver.hpp"
#include "gateway/tag_pipeline.hpp"

namespace wl::gateway {

/// What clients see of a tag from now on. `tag` is its number within the channel.
struct TagUpdate {
  std::uint32_t tag = 0;
  DataValue value;
};

/// The state of a channel for status and health.
struct ChannelState {
  bool is_up = false;
  std::string reason = "not connected yet";  ///< Why not up, or what is wrong although it is up.
};

/// Driver events come in by a queue, updates go out to the sink in order. At most 10,000 events
/// wait; then the oldest are dropped and counted.
///
/// When a turn of the thread fails (no memory, as a rule), the next one gives out all tags again:
/// no client keeps an old value for new.
class Channel {
 public:
  using Sink = std::function<void(std::vector<TagUpdate>)>;
  using DriverFactory = std::function<std::unique_ptr<Driver>(const ChannelConfig&, DriverEvents)>;

  /// `sink` is called on the channel's thread and must not wait.
  Channel(ChannelConfig config, Sink sink, const DriverFactory& factory = make_driver);
  ~Channel();  ///< Stops.
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void start();
  void stop();

  /// Any thread. Good: the wish was handed to the driver, in the device's unit and type; the tag's
  /// value follows from the device. Otherwise why it was refused at once.
  Quality write(std::uint32_t tag, const Value& value);

  const std::vector<TagConfig>& tags() const { return tags_; }
  const ChannelConfig& config() const { return config_; }
  ChannelState state() const { return *state_.get(); }
  std::size_t good_tags() const { return good_tags_; }
  std::uint64_t dropped_events() const { return events_.dropped(); }

 private:
  struct Up {
    std::string detail;
  };
  struct Down {
    std::string reason;
    Timestamp at;
  };
  using Event = std::variant<std::vector<DriverValue>, Up, Down>;

  DriverEvents driver_events();
  void run();
  void turn();
  void handle(const std::vector<DriverValue>& values);
  void handle(const Up& up);
  void handle(const Down& down);
  void give_out_withheld(Timestamp now);
  Milliseconds until_next_slot(Timestamp now) const;
  void tell_all();
  void publish();

  const ChannelConfig config_;
  const std::vector<TagConfig> tags_;
  const Sink sink_;
  BoundedQueue<Event> events_;
  SnapshotCell<ChannelState> state_;
  std::atomic<std::size_t> good_tags_{0};
  std::atomic<bool> stopping_{false};
  std::unique_ptr<Driver> driver_;
  std::thread thread_;

  std::vector<TagPipeline> pipelines_;  ///< Of the channel's thread, with what follows.
  std::deque<Event> taken_;
  bool update_lost_ = false;
  std::vector<TagUpdate> updates_;
};

}  // namespace wl::gateway
