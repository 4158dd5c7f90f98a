#include "audience.hpp"
#include "base/durable_file.hpp"
#include "figures.hpp"
#include "parts.hpp"
#include "process_facts.hpp"

namespace wl::bench {
namespace {

constexpr int handshakes_at_once = 100;

Plant read_plant(const std::string& path) {
  return must(parse_plant(must(read_file(path)), path));
}

/// The loop, the plant and the feed that every part with WebSockets begins with.
struct Stage {
  explicit Stage(const Site& site)
      : plant(read_plant(site.plant)),
        source(loop, plant, site.socket),
        audience(loop, source, site) {
    loop.run_until_true([this] { return source.has_reader() && source.lines() > 0; },
                        "the web process at live.sock", 10);
  }

  Loop loop;
  Plant plant;
  LiveSource source;
  Audience audience;
};

void add_latency(Figure& figure, const std::vector<double>& ms) {
  figure.add("p50_ms", percentile(ms, 0.5))
      .add("p99_ms", percentile(ms, 0.99))
      .add("longest_ms", percentile(ms, 1))
      .add("frames", static_cast<double>(ms.size()));
}

}  // namespace

void measure_push(const Site& site, const PushOptions& options) {
  Stage stage(site);
  stage.audience.join(10, handshakes_at_once);  // The first ones pay for what all share.
  stage.loop.run_for(3);
  const double bytes_before = resident_bytes_of(site.pids.front());
  const Stopwatch joining;
  stage.audience.join(10 + options.clients, handshakes_at_once);
  const double joined_in = joining.seconds();
  stage.loop.run_for(5);
  stage.audience.clear();
  const auto lines_before = static_cast<double>(stage.source.lines());
  const double cpu_before = cpu_seconds_of(site.pids);
  const double own_before = cpu_seconds_of_this_process();
  const Stopwatch watch;
  stage.loop.run_for(options.seconds);
  const double seconds = watch.seconds();
  const double cpu = cpu_seconds_of(site.pids) - cpu_before;
  const double lines = static_cast<double>(stage.source.lines()) - lines_before;
  const double grown = resident_bytes_of(site.pids.front()) - bytes_before;
  Figure figure("push");
  figure.add("clients", static_cast<double>(stage.audience.joined()))
      .add("lost", static_cast<double>(stage.audience.lost()))
      .add("lines", lines)
      .add("line_bytes", static_cast<double>(stage.source.line_bytes()))
      .add("cpu_ms_a_line", 1000 * cpu / lines)
      .add("cpu_share", cpu / seconds)
      .add("client_share", (cpu_seconds_of_this_process() - own_before) / seconds)
      .add("bytes_a_client", grown / options.clients)
      .add("joined_in_s", joined_in);
  add_latency(figure, stage.audience.ms());
  stage.audience.leave();
}

void measure_stalled(const Site& site, const StalledOptions& options) {
  Stage stage(site);
  stage.source.set_period(Clock::duration{std::chrono::seconds{1}} / options.lines_a_second);
  stage.audience.join(options.clients, handshakes_at_once);
  stage.loop.run_for(2);
  for (int phase = 0; phase < 2 * options.rounds; ++phase) {
    const bool stalled = phase % 2 == 1;
    if (stalled) {
      stage.audience.stall_last();
      stage.loop.run_for(5);  // Until its buffers are full.
    }
    stage.audience.clear();
    const auto lines_before = static_cast<double>(stage.source.lines());
    const double cpu_before = cpu_seconds_of(site.pids);
    stage.loop.run_for(options.seconds);
    Figure figure("stalled");
    figure.add("phase", stalled ? "one stalled" : "all read")
        .add("lost", static_cast<double>(stage.audience.lost()))
        .add("cut", static_cast<double>(stage.audience.stalled_cut()))
        .add("lines", static_cast<double>(stage.source.lines()) - lines_before)
        .add("cpu_share", (cpu_seconds_of(site.pids) - cpu_before) / options.seconds);
    add_latency(figure, stage.audience.ms());
    if (stalled) stage.audience.wake_last();
  }
  stage.audience.leave();
}

}  // namespace wl::bench
