// In the collector's place at run/live.sock: every point changes with each line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "loop.hpp"
#include "model/live_message.hpp"
#include "model/plant.hpp"

namespace wl::bench {

/// Every line carries its number as the value of `total.scan_count`, and remembers when it went
/// out.
class LiveSource : public Watched {
 public:
  LiveSource(Loop& loop, const Plant& plant, std::filesystem::path socket);
  ~LiveSource() override;
  LiveSource(const LiveSource&) = delete;
  LiveSource& operator=(const LiveSource&) = delete;

  /// From now on one line each `period`; at first one a second.
  void set_period(Clock::duration period) { period_ = period; }
  bool has_reader() const { return !readers_.empty(); }
  /// Number of the newest line; the snapshot of a new reader is none.
  std::uint64_t lines() const { return sent_at_.size(); }
  std::size_t line_bytes() const { return line_bytes_; }
  Clock::time_point sent_at(std::uint64_t line) const { return sent_at_.at(line - 1); }
  /// The number in a message to a browser; 0: none, it is a snapshot from before the first line.
  static std::uint64_t line_of(std::string_view message);

  void on_ready() override;  ///< A web process connects.

 private:
  void tick(Clock::time_point due);
  void send_to_all(const LiveMessage& message);
  LiveMessage message(LiveMessage::Type type) const;

  Loop& loop_;
  const Plant& plant_;
  std::filesystem::path path_;
  int listener_ = -1;
  std::vector<int> readers_;
  Clock::duration period_ = std::chrono::seconds{1};
  std::vector<Clock::time_point> sent_at_;
  std::size_t line_bytes_ = 0;
};

}  // namespace wl::bench
