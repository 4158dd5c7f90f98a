// Wall-clock time as the whole system stores and sends it: UTC, milliseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl {

/// A point in time, UTC, 1 ms. Local time exists only in calendar queries and in the browser.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;

/// The wall clock now. Call it in loops and in apps/ only; logic takes `now` as a parameter.
Timestamp wall_now();

inline std::int64_t to_unix_ms(Timestamp time) {
  return time.time_since_epoch().count();
}
inline Timestamp from_unix_ms(std::int64_t ms) {
  return Timestamp{Milliseconds{ms}};
}

/// `2026-11-22T15:46:37.123Z`; always three decimals and Z.
std::string to_iso8601(Timestamp time);

/// Takes `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM[:SS[.fff]]` (also with a space), with `Z` or `±HH:MM`;
/// without a zone the time is UTC. Years 1970 to 9999, in UTC: it can be printed and read again.
Result<Timestamp> parse_iso8601(std::string_view text);

}  // namespace wl
