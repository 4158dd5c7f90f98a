// One pass over a stretch of the line's time: states and pieces to quarter hours and stops.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "collector/oee/line_rules.hpp"
#include "collector/oee/planned_time.hpp"

namespace wl::collector::oee {

/// Start of the quarter hour that holds `at`.
inline Timestamp quarter_of(Timestamp at) {
  using Quarters = std::chrono::duration<std::int64_t, std::ratio<900>>;
  return std::chrono::floor<Quarters>(at);
}

/// A code that a point shows from `at` on. Not usable: bad, or no number.
struct CodeReading {
  Timestamp at{};
  std::int64_t code = 0;
  bool usable = false;
  bool operator==(const CodeReading&) const = default;
};

/// The line stands without a break from `start` on.
struct StopRun {
  Timestamp start{};
  std::int64_t whole_ms = 0;
  /// Time of each code, without what the break allowance took.
  std::vector<std::pair<std::int64_t, std::int64_t>> code_ms;

  void add(std::int64_t code, std::int64_t ms);
  bool operator==(const StopRun&) const = default;
};

/// All that is known of the time before `from`: nothing late can change it any more.
struct Carry {
  Timestamp from{};   ///< A quarter edge.
  CodeReading state;  ///< Held at `from`.
  CodeReading product;
  std::optional<StopRun> run;  ///< A stop that reaches `from`.
  PieceCounterState count;
  PieceCounterState reject;
  Timestamp long_stop_end{};       ///< Of the newest stop that was no minor one.
  Timestamp break_shift{};         ///< Begin of the shift whose break allowance was used last,
  std::int64_t break_used_ms = 0;  ///< and how much of it.

  bool operator==(const Carry&) const = default;
};

/// Readings after Carry::from, each list by rising time.
struct LineReadings {
  std::vector<CodeReading> states;
  std::vector<CodeReading> products;
  std::vector<PieceReading> counts;  ///< Usable ones only.
  std::vector<PieceReading> rejects;

  std::size_t size() const {
    return states.size() + products.size() + counts.size() + rejects.size();
  }
};

using QuarterSums = std::map<Timestamp, OeeSums>;

/// Short-lived; all that is given must outlive it. Time is accounted for from carry.from to `tail`,
/// the end of proven life; readings behind `tail` wait for the next pass.
class LineSweep {
 public:
  struct Input {
    const LineRules& rules;
    const PlannedTime& plan;
    const ledger::AliveSpans& alive;
    const Carry& carry;
    const LineReadings& readings;
    Timestamp tail;
  };

  /// `edges`: ascending quarter edges behind carry.from where the next pass might begin; may be
  /// empty.
  LineSweep(const Input& input, std::vector<Timestamp> edges);

  const QuarterSums& quarters() const { return quarters_; }
  const std::vector<OeeStop>& stops() const { return stops_; }  ///< Touching or behind carry.from.
  /// What to go on with from the newest of `edges` where no reading waits for another one; with
  /// `force` from the newest in any case. Nothing: from none of them.
  std::optional<Carry> carry_on(bool force) const;

 private:
  /// A part of planned time in one state, or in none that is known.
  struct Part {
    Span time;
    Timestamp shift{};  ///< Begin of its shift.
    std::int64_t code = 0;
    OeeElement element = OeeElement::unknown;
    bool free_break = false;
  };
  struct AtEdge {
    Timestamp at{};
    bool counts_settled = false;
    bool rejects_settled = false;
    Carry carry;
  };

  void cut_into_parts();
  void add_state_time(const Span& time, const CodeReading& state, Timestamp shift);
  void use_parts();
  void use_run(std::size_t first, std::size_t end);
  void use_part(Part part, bool minor);
  void note_run_at_edges(const StopRun& before, std::size_t first_used, Timestamp end);
  void add_stop(const StopRun& run, Timestamp end, bool goes_on);
  void add_time(const Part& part);
  void hold_codes_at_edges();

  using Counter = PieceCounterState Carry::*;
  using Settled = bool AtEdge::*;
  std::vector<PieceGroup> count(const std::vector<PieceReading>& readings, Counter counter,
                                Settled settled);
  template <class Take>
  void each_piece(const std::vector<PieceGroup>& groups, Take take) const;
  void add_produced(Timestamp moment, std::int64_t pieces);
  void add_rejected(Timestamp moment, std::int64_t pieces);
  const Part* rated_part(Timestamp moment) const;
  std::int64_t ideal_at(Timestamp moment) const;
  bool starts_up(Timestamp moment) const;

  const Input in_;
  std::vector<Part> parts_;  ///< As cut from the plan and the states.
  std::vector<Part> used_;   ///< As used: elements known, breaks cut out.
  std::vector<Timestamp> long_stop_ends_;
  Timestamp break_shift_;
  std::int64_t break_used_ms_;
  QuarterSums quarters_;
  std::vector<OeeStop> stops_;
  std::vector<AtEdge> edges_;
};

}  // namespace wl::collector::oee
