// One seed: a plant, its collector and their bad luck, from the start to the claims.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/bug.hpp"
#include "tests/sim/faults.hpp"

namespace wl::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  int days = 1;
  Bug bug = Bug::none;
  std::string trace_file;  ///< Empty: none.
};

struct RunReport {
  std::string broken;  ///< Empty: every claim held.
  std::string when;    ///< Virtual time of it.
  std::uint64_t hash = 0;
  std::uint64_t events = 0;
  std::uint64_t scans = 0;
  std::uint64_t samples = 0;
  std::uint64_t gaps = 0;
  std::uint64_t alarms = 0;
  std::uint64_t letters = 0;
  std::uint32_t starts = 0;
  FaultCounts faults;
};

/// The same options give the same report. Bounded: a run that does not come to its end is reported.
RunReport run(const RunOptions& options);

}  // namespace wl::sim
