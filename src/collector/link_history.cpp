#include "collector/link_history.hpp"

#include <algorithm>
#include <utility>

namespace wl::collector {

void append_interval(std::vector<LinkInterval>& list, LinkInterval interval) {
  if (interval.from >= interval.to) return;
  const bool joins = !list.empty() && list.back().to == interval.from &&
                     list.back().alive == interval.alive && list.back().cause == interval.cause;
  if (joins) {
    list.back().to = interval.to;
  } else {
    list.push_back(std::move(interval));
  }
}

LinkHistory::LinkHistory(Timestamp start, std::optional<Timestamp> covered_until)
    : mark_(covered_until.value_or(start)),
      gap_from_(mark_),
      cause_("the collector is connecting to the gateway") {
  record(start, false, "the collector did not run");
  mark_ = start;  // Also when the record reaches over it, because the clock was set back.
}

void LinkHistory::on_proof(Timestamp at) {
  if (!alive_) {
    record(at, false, cause_);
    gap_to_ = at;
    alive_ = true;
    if (filled_from_) on_filled(*std::exchange(filled_from_, std::nullopt));
  } else if (at < last_proof_ || at - last_proof_ > longest_silence) {
    record(last_proof_, true, "");
    record(at, false, "no sign of life was received: the clock was set, or the computer slept");
  }
  // Backwards after a halt or with a clock that was set back; the store keeps the first record.
  if (!alive_ || at < last_proof_) mark_ = at;
  alive_ = true;
  last_proof_ = at;
}

void LinkHistory::on_filled(Timestamp from) {
  if (!fillable_) return;
  if (!alive_) {
    filled_from_ = from;
    return;
  }
  append_interval(recorded_, {std::max(from, gap_from_), gap_to_, true, ""});
}

void LinkHistory::on_down(const std::string& reason) {
  filled_from_.reset();
  if (alive_) {
    begin_gap(reason);
  } else if (!cause_known_) {
    cause_ = reason;
  }
  cause_known_ = true;
}

void LinkHistory::on_input_lost(const std::string& cause) {
  filled_from_.reset();
  if (alive_) begin_gap(cause);
  fillable_ = false;
}

void LinkHistory::begin_gap(const std::string& cause) {
  record(last_proof_, true, "");
  gap_from_ = last_proof_;
  fillable_ = true;
  alive_ = false;
  cause_ = cause;
}

void LinkHistory::on_loss(Timestamp from, Timestamp to, const std::string& cause) {
  if (!alive_) return;  // Already in a gap.
  record(std::clamp(from, mark_, std::max(mark_, to)), true, "");
  record(to, false, cause);
  last_proof_ = std::max(last_proof_, to);
}

std::vector<LinkInterval> LinkHistory::take(Timestamp now) {
  if (alive_) {
    record(last_proof_, true, "");
  } else {
    record(now, false, cause_);
    mark_ = now;
  }
  return std::exchange(recorded_, {});
}

void LinkHistory::record(Timestamp to, bool alive, std::string cause) {
  append_interval(recorded_, {mark_, to, alive, std::move(cause)});
  mark_ = std::max(mark_, to);
}

}  // namespace wl::collector
