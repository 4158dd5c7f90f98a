#include "plc/runtime/virtual_run.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::plc {

VirtualOutcome run_virtual(Resource& resource, ScanCycle& cycle, VirtualRun run) {
  std::stable_sort(run.writes.begin(), run.writes.end(),
                   [](const TimedWrite& a, const TimedWrite& b) { return a.at < b.at; });
  VirtualOutcome outcome;
  auto write = run.writes.begin();
  std::chrono::nanoseconds ask_at{0};
  for (auto now = std::chrono::nanoseconds{0}; now < run.duration; now += resource.tick()) {
    const Timestamp wall = run.start + std::chrono::duration_cast<Milliseconds>(now);
    if (now >= ask_at && run.go_on) {
      if (!run.go_on(wall)) break;
      ask_at = now + std::chrono::seconds(1);
    }
    for (; write != run.writes.end() && write->at <= now; ++write) {
      const Quality answer = resource.write(write->symbol, write->value);
      if (answer.is_good()) continue;
      outcome.refused.push_back(fmt::format(
          "{}: refused with 0x{:08X}", resource.symbols()[write->symbol].path, answer.status_code));
    }
    cycle.run(now, wall);
    ++outcome.scans;
    outcome.reached = now + resource.tick();
    if (resource.faulted()) break;
  }
  return outcome;
}

}  // namespace wl::plc
