// Constants and small steps that the files of the policy share.
#pragma once

#include <chrono>
#include <deque>

#include "alarm/notify/letter.hpp"

namespace wl::alarm::notify {

/// Known by name; see Policy.
inline constexpr std::size_t most_alarms = 20'000;

/// Between two letters about one alarm, two digests of one way, two escalations: in any case.
inline constexpr Milliseconds shortest_pause = std::chrono::minutes(1);
/// The stretch in which wishes and letters are counted for a storm.
inline constexpr Milliseconds storm_time = std::chrono::minutes(1);
/// A digest waits this long for what comes with its first alarm.
inline constexpr Milliseconds gather_time = std::chrono::seconds(5);

inline void forget_before(std::deque<Milliseconds>& times, Milliseconds edge) {
  while (!times.empty() && times.front() <= edge) times.pop_front();
}

/// Counts one alarm in the numbers of a letter.
void count_alarm(Letter& letter, const AlarmRecord& record);

}  // namespace wl::alarm::notify
