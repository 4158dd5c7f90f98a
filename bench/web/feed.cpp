#include <csignal>

#include "base/durable_file.hpp"
#include "base/stop_signal.hpp"
#include "figures.hpp"
#include "live_source.hpp"
#include "parts.hpp"

namespace wl::bench {

void feed(const Site& site) {
  StopSignal stop;
  Loop loop;
  const Plant plant = must(parse_plant(must(read_file(site.plant)), site.plant));
  const LiveSource source(loop, plant, site.socket);
  while (!stop.wait(Milliseconds{0})) loop.run_for(0.1);
}

}  // namespace wl::bench
