// Questions about the newest data, and how long their answers take.
#pragma once

#include <map>
#include <random>
#include <span>
#include <vector>

#include "engine.hpp"

namespace wl::bench {

/// How far back the questions reach, and over what.
struct Scope {
  std::uint32_t points = 48;  ///< chart and raw ask for one of the first so many.
  std::uint32_t devices = 1;  ///< hours, days and energy for one of the first so many.
  Milliseconds hours = std::chrono::days{30};
  Milliseconds days = std::chrono::days{365};
};

/// The same questions in the same order at every engine.
class Asker {
 public:
  explicit Asker(Scope scope) : scope_(scope) {}

  /// `now`: source time of the newest sample. The range ends with the last whole minute, hour or
  /// day before it.
  Question next(Ask ask, Timestamp now);

 private:
  Scope scope_;
  std::mt19937 random_{1};
};

struct Answers {
  std::vector<double> ms;
  std::size_t values = 0;  ///< Of the last answer.

  double p50() const;
  double p99() const;
};

/// Asks once and notes the time.
void ask_once(Reader& reader, const Question& question, Answers& answers);

}  // namespace wl::bench
