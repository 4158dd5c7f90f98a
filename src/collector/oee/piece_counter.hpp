// From readings of a piece counter to pieces: rollover, reset, swap and misreadings.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "collector/ledger/alive_spans.hpp"

namespace wl::collector::oee {

struct PieceReading {
  Timestamp at{};
  std::int64_t value = 0;
  bool operator==(const PieceReading&) const = default;
};

/// Pieces that became known with one reading.
struct PieceGroup {
  std::int64_t pieces = 0;  ///< More than 0.
  Timestamp at{};           ///< When the last of them was counted.
  /// Set when not all the time since the reading before was seen: the first moment that was not.
  /// The pieces are spread evenly from there to `at`.
  std::optional<Timestamp> hole;
};

/// All that a counter remembers.
struct PieceCounterState {
  std::optional<PieceReading> last;  ///< Accepted.
  std::vector<PieceReading> held;    ///< A fall or jump that is not confirmed yet: at most 2.
  Timestamp mark{};                  ///< Time is looked at up to here.
  std::optional<Timestamp> hole;     ///< First unseen moment since `last`.

  bool operator==(const PieceCounterState&) const = default;
};

struct PieceRules {
  double modulus = 4294967296;  ///< Where it begins at 0 again.
  double ideal_ms = 36'000;     ///< Shortest ideal time of a piece: what a rise is measured by.
};

/// Readings come in rising time. A rise is counted, up to ten times the ideal rate and three more.
/// A fall by up to three is a PLC that came back with an older value: nothing is counted, it goes
/// on from there. At the modulus it rolls over. All else is held until three readings in a row
/// agree: a small new value is a reset and counts, else it is another counter or a jump and does
/// not. Held readings that the next one contradicts were false.
class PieceCounter {
 public:
  PieceCounter(PieceRules rules, PieceCounterState state)
      : rules_(rules), state_(std::move(state)) {}

  void read(const PieceReading& reading, const ledger::AliveSpans& alive,
            std::vector<PieceGroup>& groups);

  /// Time goes on to `to` without a reading.
  void pass(Timestamp to, const ledger::AliveSpans& alive);

  const PieceCounterState& state() const { return state_; }
  /// Nothing read so far waits for a later reading to become pieces.
  bool settled() const { return state_.held.empty() && !state_.hole; }

 private:
  enum class Verdict { rise, restored, rollover, implausible };

  Verdict judge(const PieceReading& from, const PieceReading& to) const;
  double most_between(const PieceReading& from, const PieceReading& to, double factor) const;
  void take(const PieceReading& reading, std::vector<PieceGroup>& groups);
  void accept(const PieceReading& reading, std::int64_t pieces, std::vector<PieceGroup>& groups);
  void confirm(std::vector<PieceGroup>& groups);
  void note_hole(Timestamp to, const ledger::AliveSpans& alive);

  PieceRules rules_;
  PieceCounterState state_;
};

}  // namespace wl::collector::oee
