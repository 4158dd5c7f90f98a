// What a server remembers of its variables: the newest values of each, in memory.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "model/value.hpp"

namespace wl::opcua {

/// 0 bytes: no history. A value takes some 90 bytes, text as much more as it is long.
struct HistoryLimits {
  std::size_t bytes = 0;          ///< Over all variables.
  Milliseconds age{10 * 60'000};  ///< Since the value was recorded, not by its source time.
};

struct HistoryQuery {
  Timestamp from{};
  std::optional<Timestamp> to;  ///< Nothing: without end.
  bool bounds = false;          ///< Also the value at or before `from`, and that at or after `to`.
  std::size_t max_values = 1'000;
  std::size_t max_bytes = 1 << 20;  ///< A page has one value at least, however long it is.
};

struct HistoryPage {
  std::vector<DataValue> values;
  std::optional<std::uint64_t> next;  ///< Where to go on; nothing when this was the last page.
  bool lacks_first_bound = false;     ///< It was asked for, and nothing so old is remembered.
  bool lacks_last_bound = false;
};

/// One ring for each variable, sorted by source time. Values older than the age go; at the limit of
/// bytes the oldest of all variables go first, which is counted. The newest value of each variable
/// always stays, so that a steady variable has a bound. Pure: no clock, no lock; one thread.
class HistoryRing {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  HistoryRing(std::size_t variables, HistoryLimits limits) : limits_(limits), rings_(variables) {}

  void add_variable() { rings_.emplace_back(); }
  /// Precondition: variable < variables.
  void add(std::uint32_t variable, const DataValue& value, SteadyTime now);

  /// The first page, or that at `next` of the page before. Nothing when what follows there has been
  /// forgotten meanwhile. A value that was added between two pages may come twice or not at all.
  std::optional<HistoryPage> read(std::uint32_t variable, const HistoryQuery& query,
                                  std::optional<std::uint64_t> next = std::nullopt) const;

  std::size_t values() const { return values_; }
  std::size_t bytes() const { return bytes_; }
  /// Values forgotten before their age because of the limit of bytes.
  std::uint64_t cut() const { return cut_; }

 private:
  struct Ring {
    std::deque<DataValue> values;
    std::uint64_t forgotten = 0;  ///< The number of the first value.
  };
  struct Recorded {
    std::uint32_t variable;
    SteadyTime at;
  };

  void forget_aged(SteadyTime now);
  bool forget_oldest();

  HistoryLimits limits_;
  std::vector<Ring> rings_;
  std::deque<Recorded> recorded_;  ///< One a value, without those that stay as the newest.
  std::size_t values_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t cut_ = 0;
};

}  // namespace wl::opcua
