// When the subscription was proven alive, and why not when it was not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/link_interval.hpp"

namespace wl::collector {

/// Longest silence between two proofs that still counts as one stretch of life. The server sends a
/// keep-alive every few seconds, and the Subscriber reports a longer silence itself; what gets here
/// is a process that was halted or a clock that was set.
inline constexpr Milliseconds longest_silence{10'000};

/// Adds to `list`; joins with its last element when they adjoin and are of one kind and cause.
/// Empty and reversed intervals add nothing.
void append_interval(std::vector<LinkInterval>& list, LinkInterval interval);

/// Turns proofs of life and link events into intervals that leave no time out: from the start on
/// every moment is either alive or in a gap with a cause. Pure; one thread uses it.
class LinkHistory {
 public:
  /// `covered_until`: where the record in the database ends; from there to `start` no collector
  /// ran. Nothing for an empty database: before the first start nothing was expected.
  LinkHistory(Timestamp start, std::optional<Timestamp> covered_until);

  /// A publish response or keep-alive arrived.
  void on_proof(Timestamp at);
  /// The link is lost. Life is proven up to the last proof only: the gap starts there. What is said
  /// later in the same gap (another failed attempt) does not change its cause.
  void on_down(const std::string& reason);
  /// Values between `from` and `to` were lost although the link was alive. What take() has given
  /// out already stays.
  void on_loss(Timestamp from, Timestamp to, const std::string& cause);

  /// What was received and is not known any more, from the last proof to the next one. The server
  /// believes that we have it, so this gap is not closed by on_filled().
  void on_input_lost(const std::string& cause);

  /// From `from` to the end of the last gap, or of the one that the next proof ends, nothing is
  /// missing: the server gave it again (IEC 62541-4, Republish) or remembered it. While it lasted
  /// it was recorded as a gap; life that is recorded later wins in the database.
  void on_filled(Timestamp from);

  bool alive() const { return alive_; }
  Timestamp last_proof() const { return last_proof_; }

  /// What became certain since the call before: life up to the last proof, a gap up to `now`.
  std::vector<LinkInterval> take(Timestamp now);

 private:
  void begin_gap(const std::string& cause);
  void record(Timestamp to, bool alive, std::string cause);

  std::vector<LinkInterval> recorded_;
  Timestamp mark_;      ///< Recorded up to here.
  Timestamp gap_from_;  ///< Of the gap that is open, or of the last one.
  Timestamp gap_to_{};
  std::optional<Timestamp> filled_from_;  ///< Of the open gap.
  bool fillable_ = true;  ///< That gap, or the last one: nothing of it was lost here.
  Timestamp last_proof_{};
  bool alive_ = false;
  bool cause_known_ = false;  ///< False until the first word of the link after the start.
  std::string cause_;
};

}  // namespace wl::collector
