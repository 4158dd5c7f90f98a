// The stretches of time in which the subscription was proven alive.
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.hpp"

namespace wl::collector::ledger {

/// [from, to).
struct Span {
  Timestamp from{};
  Timestamp to{};
  bool operator==(const Span&) const = default;
};

/// Disjoint spans in order. A hole up to `bridge` is none: values are expected once a sampling
/// interval and held over three of them. The result does not depend on the order of additions.
class AliveSpans {
 public:
  /// Beyond this the oldest are forgotten: that time then counts as not seen.
  static constexpr std::size_t limit = 4096;

  explicit AliveSpans(Milliseconds bridge) : bridge_(bridge) {}

  /// The moment from which on within() answers otherwise than before; Timestamp::max() if nowhere.
  Timestamp add(Span span);
  /// Nobody will ask for what was before `time`.
  void forget_before(Timestamp time);
  /// The parts inside [from, to), in order.
  std::vector<Span> within(Timestamp from, Timestamp to) const;
  bool covers(Timestamp at) const { return !within(at, at + Milliseconds{1}).empty(); }

  /// Sorted and disjoint; what a saved state holds.
  const std::vector<Span>& all() const { return spans_; }
  void restore(std::vector<Span> spans) { spans_ = std::move(spans); }

 private:
  Milliseconds bridge_;
  std::vector<Span> spans_;
};

}  // namespace wl::collector::ledger
