#include "collector/oee/line_sweep.hpp"

#include <algorithm>

namespace wl::collector::oee {
namespace {

/// Pieces of one hole are spread over at most so many moments.
constexpr std::int64_t most_moments = 10'000;
/// A piece that is counted at a moment was made before it.
constexpr Milliseconds before_it{1};

std::int64_t OeeSums::*time_of(OeeElement element) {
  switch (element) {
    case OeeElement::running:
      return &OeeSums::running_ms;
    case OeeElement::minor_stop:
      return &OeeSums::minor_stop_ms;
    case OeeElement::breakdown:
      return &OeeSums::breakdown_ms;
    case OeeElement::setup:
      return &OeeSums::setup_ms;
    case OeeElement::idle:
      return &OeeSums::idle_ms;
    case OeeElement::unknown:
      break;
  }
  return &OeeSums::unknown_ms;
}

std::int64_t length(const Span& span) {
  return (span.to - span.from).count();
}

/// Newest reading at or before `at`.
const CodeReading& held_at(const std::vector<CodeReading>& readings, const CodeReading& before,
                           Timestamp at) {
  const auto next = std::ranges::upper_bound(readings, at, {}, &CodeReading::at);
  return next == readings.begin() ? before : *std::prev(next);
}

}  // namespace

void StopRun::add(std::int64_t code, std::int64_t ms) {
  const auto known =
      std::ranges::find(code_ms, code, &std::pair<std::int64_t, std::int64_t>::first);
  if (known == code_ms.end()) {
    code_ms.emplace_back(code, ms);
  } else {
    known->second += ms;
  }
}

LineSweep::LineSweep(const Input& input, std::vector<Timestamp> edges)
    : in_(input), break_shift_(input.carry.break_shift), break_used_ms_(input.carry.break_used_ms) {
  for (const Timestamp edge : edges) {
    if (edge <= in_.carry.from || edge > in_.tail) continue;
    AtEdge at{.at = edge, .carry = {}};
    at.carry.from = edge;
    at.carry.long_stop_end = in_.carry.long_stop_end;
    edges_.push_back(std::move(at));
  }
  hold_codes_at_edges();
  cut_into_parts();
  use_parts();
  const auto made = count(in_.readings.counts, &Carry::count, &AtEdge::counts_settled);
  const auto bad = count(in_.readings.rejects, &Carry::reject, &AtEdge::rejects_settled);
  each_piece(made, [&](Timestamp moment, std::int64_t pieces) { add_produced(moment, pieces); });
  each_piece(bad, [&](Timestamp moment, std::int64_t pieces) { add_rejected(moment, pieces); });
}

void LineSweep::hold_codes_at_edges() {
  for (AtEdge& edge : edges_) {
    edge.carry.state = held_at(in_.readings.states, in_.carry.state, edge.at);
    edge.carry.product = held_at(in_.readings.products, in_.carry.product, edge.at);
  }
}

void LineSweep::cut_into_parts() {
  const auto& states = in_.readings.states;
  auto next = states.begin();
  CodeReading held = in_.carry.state;
  for (const PlannedShift& shift : in_.plan.shifts(in_.carry.from, in_.tail)) {
    for (const Span& busy : shift.busy) {
      Timestamp at = std::max(busy.from, in_.carry.from);
      const Timestamp end = std::min(busy.to, in_.tail);
      while (at < end) {
        for (; next != states.end() && next->at <= at; ++next) held = *next;
        const Timestamp until = next == states.end() ? end : std::min(end, next->at);
        add_state_time({at, until}, held, shift.time.from);
        at = until;
      }
    }
  }
}

void LineSweep::add_state_time(const Span& time, const CodeReading& state, Timestamp shift) {
  const auto add = [&](Timestamp from, Timestamp to, OeeElement element) {
    if (from < to) parts_.push_back({{from, to}, shift, state.code, element});
  };
  Timestamp seen = time.from;
  if (state.usable && in_.rules.is_known(state.code)) {
    const OeeElement element = in_.rules.elements[static_cast<std::size_t>(state.code)];
    for (const Span& alive : in_.alive.within(time.from, time.to)) {
      add(seen, alive.from, OeeElement::unknown);
      add(alive.from, alive.to, element);
      seen = alive.to;
    }
  }
  add(seen, time.to, OeeElement::unknown);
}

void LineSweep::use_parts() {
  const auto stands = [](const Part& part) {
    return part.element != OeeElement::running && part.element != OeeElement::unknown;
  };
  for (std::size_t at = 0; at < parts_.size();) {
    if (!stands(parts_[at])) {
      use_part(parts_[at++], false);
      continue;
    }
    std::size_t end = at + 1;
    while (end < parts_.size() && stands(parts_[end]) &&
           parts_[end].time.from == parts_[end - 1].time.to)
      ++end;
    use_run(at, end);
    at = end;
  }
  for (AtEdge& edge : edges_) {
    for (const Part& part : used_) {
      if (!part.free_break || part.time.from >= edge.at) continue;
      if (edge.carry.break_shift != part.shift) edge.carry.break_used_ms = 0;
      edge.carry.break_shift = part.shift;
      edge.carry.break_used_ms += length({part.time.from, std::min(part.time.to, edge.at)});
    }
    if (edge.carry.break_shift == in_.carry.break_shift)
      edge.carry.break_used_ms += in_.carry.break_used_ms;
    if (edge.carry.break_shift == Timestamp{}) {
      edge.carry.break_shift = in_.carry.break_shift;
      edge.carry.break_used_ms = in_.carry.break_used_ms;
    }
  }
}

void LineSweep::use_run(std::size_t first, std::size_t end) {
  const Span time{parts_[first].time.from, parts_[end - 1].time.to};
  const bool goes_back = in_.carry.run && time.from == in_.carry.from;
  StopRun run = goes_back ? *in_.carry.run : StopRun{.start = time.from, .code_ms = {}};
  const StopRun before = run;
  run.whole_ms += length(time);
  const bool minor = run.whole_ms < in_.rules.minor_stop.count();
  const std::size_t first_used = used_.size();
  for (std::size_t i = first; i < end; ++i) use_part(parts_[i], minor);
  for (std::size_t i = first_used; i < used_.size(); ++i)
    if (!used_[i].free_break) run.add(used_[i].code, length(used_[i].time));
  note_run_at_edges(before, first_used, time.to);
  add_stop(run, time.to, end == parts_.size() && time.to == in_.tail);
  if (minor) return;
  long_stop_ends_.push_back(time.to);
  for (AtEdge& edge : edges_)
    if (time.to <= edge.at) edge.carry.long_stop_end = time.to;
}

void LineSweep::note_run_at_edges(const StopRun& before, std::size_t first_used, Timestamp end) {
  for (AtEdge& edge : edges_) {
    if (used_[first_used].time.from >= edge.at || end < edge.at) continue;
    StopRun run = before;
    for (std::size_t i = first_used; i < used_.size(); ++i) {
      const Part& part = used_[i];
      if (part.time.from >= edge.at) break;
      const std::int64_t ms = length({part.time.from, std::min(part.time.to, edge.at)});
      run.whole_ms += ms;
      if (!part.free_break) run.add(part.code, ms);
    }
    edge.carry.run = std::move(run);
  }
}

/// Cuts the break allowance of its shift off an idle part of a longer stop.
void LineSweep::use_part(Part part, bool minor) {
  if (minor) part.element = OeeElement::minor_stop;
  if (part.element == OeeElement::idle && in_.rules.free_break > Milliseconds{0}) {
    if (break_shift_ != part.shift) break_used_ms_ = 0;
    break_shift_ = part.shift;
    const std::int64_t left = in_.rules.free_break.count() - break_used_ms_;
    const std::int64_t taken = std::clamp<std::int64_t>(left, 0, length(part.time));
    if (taken > 0) {
      Part pause = part;
      pause.time.to = part.time.from + Milliseconds{taken};
      pause.free_break = true;
      break_used_ms_ += taken;
      add_time(pause);
      part.time.from = pause.time.to;
      if (part.time.from == part.time.to) return;
    }
  }
  add_time(part);
}

void LineSweep::add_time(const Part& part) {
  used_.push_back(part);
  for (Timestamp from = part.time.from; from < part.time.to;) {
    const Timestamp quarter = quarter_of(from);
    const Timestamp to = std::min<Timestamp>(quarter + oee_quarter_length, part.time.to);
    OeeSums& sums = quarters_[quarter];
    const std::int64_t ms = length({from, to});
    if (part.free_break) {
      sums.free_break_ms += ms;
    } else {
      sums.planned_ms += ms;
      sums.*time_of(part.element) += ms;
    }
    from = to;
  }
}

void LineSweep::add_stop(const StopRun& run, Timestamp end, bool goes_on) {
  OeeStop stop{.start = run.start, .end = end, .state = {}};
  if (goes_on) stop.end.reset();
  std::int64_t longest = -1;
  for (const auto& [code, ms] : run.code_ms) {
    stop.length_ms += ms;
    const OeeElement element = in_.rules.elements[static_cast<std::size_t>(code)];
    // Of two equally long ones the graver: they are numbered by it.
    if (ms < longest || (ms == longest && element >= stop.element)) continue;
    longest = ms;
    stop.element = element;
    stop.state = in_.rules.words[static_cast<std::size_t>(code)];
  }
  if (stop.length_ms == 0) return;  // All of it was break.
  if (run.whole_ms < in_.rules.minor_stop.count()) stop.element = OeeElement::minor_stop;
  stops_.push_back(std::move(stop));
}

std::vector<PieceGroup> LineSweep::count(const std::vector<PieceReading>& readings, Counter counter,
                                         Settled settled) {
  std::vector<PieceGroup> groups;
  PieceCounter pieces(in_.rules.pieces, in_.carry.*counter);
  auto edge = edges_.begin();
  const auto note_edges_before = [&](Timestamp at) {
    for (; edge != edges_.end() && edge->at < at; ++edge) {
      pieces.pass(edge->at, in_.alive);
      edge->carry.*counter = pieces.state();
      (*edge).*settled = pieces.settled();
    }
  };
  for (const PieceReading& reading : readings) {
    if (reading.at > in_.tail) break;
    note_edges_before(reading.at);
    pieces.read(reading, in_.alive, groups);
  }
  note_edges_before(Timestamp::max());
  return groups;
}

template <class Take>
void LineSweep::each_piece(const std::vector<PieceGroup>& groups, Take take) const {
  for (const PieceGroup& group : groups) {
    if (!group.hole) {
      take(group.at - before_it, group.pieces);
      continue;
    }
    const std::int64_t moments = std::min(group.pieces, most_moments);
    const std::int64_t whole = (group.at - *group.hole).count();
    std::int64_t given = 0;
    for (std::int64_t i = 1; i <= moments; ++i) {
      const std::int64_t until = group.pieces * i / moments;
      const Timestamp moment = *group.hole + Milliseconds{whole * i / moments};
      take(moment - before_it, until - given);
      given = until;
    }
  }
}

void LineSweep::add_produced(Timestamp moment, std::int64_t pieces) {
  if (moment < in_.carry.from) return;  // Of a hole that the pass before has spread.
  OeeSums& sums = quarters_[quarter_of(moment)];
  sums.produced += pieces;
  if (rated_part(moment) == nullptr) return;
  sums.rated_produced += pieces;
  const std::int64_t ideal_us = pieces * ideal_at(moment);
  sums.ideal_produced_us += ideal_us;
  sums.ideal_good_us += ideal_us;
}

void LineSweep::add_rejected(Timestamp moment, std::int64_t pieces) {
  if (moment < in_.carry.from) return;
  OeeSums& sums = quarters_[quarter_of(moment)];
  sums.rejected += pieces;
  if (rated_part(moment) == nullptr) return;
  sums.rated_rejected += pieces;
  const std::int64_t ideal_us = pieces * ideal_at(moment);
  sums.ideal_good_us -= ideal_us;
  if (!starts_up(moment)) return;
  sums.rated_startup_rejected += pieces;
  sums.ideal_startup_us += ideal_us;
}

/// Planned, seen and no break.
const LineSweep::Part* LineSweep::rated_part(Timestamp moment) const {
  const auto next =
      std::ranges::upper_bound(used_, moment, {}, [](const Part& part) { return part.time.from; });
  if (next == used_.begin()) return nullptr;
  const Part& part = *std::prev(next);
  const bool rated =
      moment < part.time.to && part.element != OeeElement::unknown && !part.free_break;
  return rated ? &part : nullptr;
}

std::int64_t LineSweep::ideal_at(Timestamp moment) const {
  const CodeReading& product = held_at(in_.readings.products, in_.carry.product, moment);
  return in_.rules.ideal_of(product.usable ? std::optional(product.code) : std::nullopt);
}

bool LineSweep::starts_up(Timestamp moment) const {
  const auto next = std::ranges::upper_bound(long_stop_ends_, moment);
  const Timestamp end =
      next == long_stop_ends_.begin() ? in_.carry.long_stop_end : *std::prev(next);
  return end != Timestamp{} && moment < end + in_.rules.startup;
}

std::optional<Carry> LineSweep::carry_on(bool force) const {
  for (auto edge = edges_.rbegin(); edge != edges_.rend(); ++edge) {
    if (edge->counts_settled && edge->rejects_settled) return edge->carry;
  }
  if (!force || edges_.empty()) return std::nullopt;
  Carry carry = edges_.back().carry;
  for (PieceCounterState* counter : {&carry.count, &carry.reject}) {
    counter->held.clear();
    if (counter->hole) counter->hole = carry.from;
  }
  return carry;
}

}  // namespace wl::collector::oee
