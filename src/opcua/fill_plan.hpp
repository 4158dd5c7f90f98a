// Which times of a subscription have to be filled from history, and when. No network, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "opcua/history_reader.hpp"

namespace wl::opcua {

/// What is to be done about the time that was not proven.
struct FillOrder {
  enum class How { told_whole, read };  ///< Republish brought everything; HistoryRead is needed.
  How how = How::read;
  HistoryRange range;
};

/// Fed with all that happens on the link. One thread.
///
/// How far the clock of the slowest source is behind ours (at most ten minutes) is measured by the
/// values themselves, without the first one of each item, which may be old.
class FillPlan {
 public:
  FillPlan(std::size_t items, std::optional<Timestamp> from);

  /// A value arrived: how far is its source's clock behind?
  void on_value(std::uint32_t item, Timestamp source_time, Timestamp received_at);
  void on_proof(Timestamp at);
  /// Values were lost at the server though the link was up.
  void on_loss();
  void on_down();
  void on_up(bool is_resumed);

  /// What to do now; once for each time. `is_caught_up`: the server has nothing more from before.
  std::optional<FillOrder> next(bool is_caught_up, Timestamp now);
  /// The reading has been told to its end.
  void on_told(Timestamp now);

  Milliseconds lag() const;

 private:
  std::optional<Timestamp> last_proof_;
  bool is_proven_ = false;  ///< Since on_up().
  std::optional<Timestamp> open_from_;
  bool needs_reading_ = false;
  std::optional<Timestamp> reading_from_;
  Timestamp next_reading_{};
  std::vector<std::optional<Milliseconds>> lag_;
  std::vector<bool> has_value_;  ///< Since the subscription was made.
};

}  // namespace wl::opcua
