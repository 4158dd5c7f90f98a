#include "collector/oee/piece_counter.hpp"

#include <utility>

namespace wl::collector::oee {
namespace {

constexpr std::size_t confirmations = 3;
constexpr std::int64_t few = 3;
/// The ideal time may be wrong, and pieces that were made must not be thrown away for that.
constexpr double rise_factor = 10;
/// What a reset counts was made since the reading before, so its bound is closer.
constexpr double reset_factor = 2;

}  // namespace

void PieceCounter::read(const PieceReading& reading, const ledger::AliveSpans& alive,
                        std::vector<PieceGroup>& groups) {
  pass(reading.at, alive);
  take(reading, groups);
}

void PieceCounter::pass(Timestamp to, const ledger::AliveSpans& alive) {
  if (state_.last) note_hole(to, alive);
  state_.mark = to;
}

void PieceCounter::note_hole(Timestamp to, const ledger::AliveSpans& alive) {
  if (state_.hole) return;
  Timestamp seen = state_.mark;
  for (const ledger::Span& part : alive.within(state_.mark, to)) {
    if (part.from > seen) break;
    seen = part.to;
  }
  if (seen < to) state_.hole = seen;
}

double PieceCounter::most_between(const PieceReading& from, const PieceReading& to,
                                  double factor) const {
  return factor * static_cast<double>((to.at - from.at).count()) / rules_.ideal_ms +
         static_cast<double>(few);
}

PieceCounter::Verdict PieceCounter::judge(const PieceReading& from, const PieceReading& to) const {
  const std::int64_t rise = to.value - from.value;
  const double most = most_between(from, to, rise_factor);
  if (rise >= 0) return static_cast<double>(rise) <= most ? Verdict::rise : Verdict::implausible;
  const auto of_modulus = [&](std::int64_t value) {
    return static_cast<double>(value) / rules_.modulus;
  };
  const double around = rules_.modulus + static_cast<double>(rise);
  if (of_modulus(from.value) > 0.9 && of_modulus(to.value) < 0.1 && around >= 0 && around <= most)
    return Verdict::rollover;
  return -rise <= few ? Verdict::restored : Verdict::implausible;
}

void PieceCounter::take(const PieceReading& reading, std::vector<PieceGroup>& groups) {
  if (!state_.last) {
    state_.last = reading;
    return;
  }
  const Verdict verdict = judge(*state_.last, reading);
  if (verdict != Verdict::implausible) {
    state_.held.clear();
    const std::int64_t lap =
        verdict == Verdict::rollover ? static_cast<std::int64_t>(rules_.modulus) : 0;
    const std::int64_t pieces = lap + reading.value - state_.last->value;
    return accept(reading, verdict == Verdict::restored ? 0 : pieces, groups);
  }
  const bool agrees =
      !state_.held.empty() && judge(state_.held.back(), reading) != Verdict::implausible;
  if (!agrees) state_.held.clear();
  state_.held.push_back(reading);
  if (state_.held.size() == confirmations) confirm(groups);
}

void PieceCounter::accept(const PieceReading& reading, std::int64_t pieces,
                          std::vector<PieceGroup>& groups) {
  if (pieces > 0) groups.push_back({pieces, reading.at, state_.hole});
  state_.last = reading;
  state_.hole.reset();
}

void PieceCounter::confirm(std::vector<PieceGroup>& groups) {
  const std::vector<PieceReading> held = std::exchange(state_.held, {});
  const PieceReading& first = held.front();
  const bool reset =
      first.value < state_.last->value &&
      static_cast<double>(first.value) <= most_between(*state_.last, first, reset_factor);
  // A hole behind `first` belongs to the readings after it; their pieces are counted where read.
  if (state_.hole && *state_.hole >= first.at) state_.hole.reset();
  accept(first, reset ? first.value : 0, groups);
  for (std::size_t i = 1; i < held.size(); ++i) take(held[i], groups);
}

}  // namespace wl::collector::oee
