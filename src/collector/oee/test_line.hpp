// A line for tests of the OEE: points 0 state, 1 count, 2 reject, 3 product; ideal 36 s a piece.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "collector/oee/oee_account.hpp"

namespace wl::collector::oee {

/// A quarter edge.
inline constexpr Timestamp first_quarter{std::chrono::days{20'000} + std::chrono::hours{6}};

constexpr Timestamp at_s(double seconds) {
  const double half = seconds < 0 ? -0.5 : 0.5;
  return first_quarter + Milliseconds{static_cast<std::int64_t>(seconds * 1000 + half)};
}
constexpr Timestamp at_min(double minutes) {
  return at_s(60 * minutes);
}

inline LineRules test_rules() {
  LineRules rules;
  rules.key = "line";
  rules.state = PointId{0};
  rules.count = PointId{1};
  rules.reject = PointId{2};
  rules.words = {"standby", "running", "fault", "setup"};
  rules.elements = {OeeElement::idle, OeeElement::running, OeeElement::breakdown,
                    OeeElement::setup};
  return rules;
}

enum Code { standby = 0, running = 1, fault = 2, setup = 3 };

/// Shifts as they are given.
class GivenTime : public PlannedTime {
 public:
  explicit GivenTime(std::vector<PlannedShift> shifts) : shifts_(std::move(shifts)) {}
  std::vector<PlannedShift> shifts(Timestamp from, Timestamp to) const override {
    std::vector<PlannedShift> found;
    for (const PlannedShift& shift : shifts_)
      if (shift.time.from < to && shift.time.to > from) found.push_back(shift);
    return found;
  }

 private:
  std::vector<PlannedShift> shifts_;
};

/// Minutes after `first_quarter`.
inline PlannedShift shift_of(double from_min, double to_min) {
  const Span time{at_min(from_min), at_min(to_min)};
  return {time, {time}};
}

/// Feeds an account and keeps what it gives, as a store would.
class TestLine {
 public:
  explicit TestLine(std::vector<PlannedShift> shifts, LineRules rules = test_rules(),
                    AccountOptions options = {})
      : plan_(std::move(shifts)), rules_(std::move(rules)), options_(options) {
    account_.emplace(rules_, plan_, options_);
  }
  TestLine(const TestLine&) = delete;  // The account looks at the plan of its own line.

  TestLine& state(double min, int code) { return add(0, min * 60, code); }
  TestLine& count(double s, double value) { return add(1, s, value); }
  TestLine& reject(double s, double value) { return add(2, s, value); }
  TestLine& add(std::uint32_t point, double s, double value, Quality quality = quality::good) {
    samples_.push_back({PointId{point}, value, quality, at_s(s)});
    return *this;
  }
  /// A piece each `cycle_s` from `from_s` on, the last at or before `to_s`; `value` before them.
  TestLine& pieces(double from_s, double to_s, double cycle_s, double value = 0) {
    for (double s = from_s + cycle_s; s <= to_s; s += cycle_s) count(s, ++value);
    return *this;
  }
  TestLine& alive(double from_min, double to_min) {
    intervals_.push_back({at_min(from_min), at_min(to_min), true, ""});
    return *this;
  }
  /// Hands over what was added.
  TestLine& batch() {
    const Timestamp now = first_quarter + std::chrono::days{400};
    const OeeEntries entries =
        account_->on_batch(std::exchange(samples_, {}), std::exchange(intervals_, {}), now);
    for (const OeeQuarter& quarter : entries.quarters) quarters[quarter.start] = quarter.sums;
    if (entries.stops_from) {
      stops.erase(stops.lower_bound(*entries.stops_from), stops.end());
      for (const OeeStop& stop : entries.stops) stops[stop.start] = stop;
    }
    last = entries;
    return *this;
  }
  void restart_from(AccountState state) {
    account_.emplace(rules_, plan_, options_, std::move(state));
  }

  OeeSums total() const {
    OeeSums sums;
    for (const auto& [start, quarter] : quarters) sums += quarter;
    return sums;
  }
  const OeeAccount& account() const { return *account_; }

  std::map<Timestamp, OeeSums> quarters;
  std::map<Timestamp, OeeStop> stops;
  OeeEntries last;

 private:
  const GivenTime plan_;
  const LineRules rules_;
  const AccountOptions options_;
  std::optional<OeeAccount> account_;
  std::vector<Sample> samples_;
  std::vector<LinkInterval> intervals_;
};

constexpr std::int64_t minutes_ms(double minutes) {
  return static_cast<std::int64_t>(minutes * 60'000);
}

}  // namespace wl::collector::oee
