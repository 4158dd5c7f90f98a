// Times and what is told of them: one JSON object a line on standard output, for run.py.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace wl::bench {

/// A benchmark has nothing to go on with when something refuses.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Stopwatch {
 public:
  /// Seconds since it was made or since the last lap.
  double lap() {
    const auto now = Clock::now();
    return std::chrono::duration<double>(now - std::exchange(start_, now)).count();
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Seconds of a core that were used so far: other processes of the machine do not count.
double cpu_seconds_of_this_thread();
double cpu_seconds_of_this_process();

/// The value that `share` (0 to 1) of them do not exceed; 0 of none.
double percentile(std::vector<double> values, double share);

/// `Figure("ingest").add("engine", name).add("per_second", 1e5);` prints when it ends.
class Figure {
 public:
  explicit Figure(std::string_view part) : line_(fmt::format("{{\"part\": \"{}\"", part)) {}
  ~Figure();
  Figure(const Figure&) = delete;
  Figure& operator=(const Figure&) = delete;

  Figure& add(std::string_view key, std::string_view word) {
    line_ += fmt::format(", \"{}\": \"{}\"", key, word);
    return *this;
  }
  Figure& add(std::string_view key, double number) {
    line_ += fmt::format(", \"{}\": {}", key, number);
    return *this;
  }

 private:
  std::string line_;
};

/// Says on standard error what goes on, for the person who waits.
void say(std::string_view what);

}  // namespace wl::bench
