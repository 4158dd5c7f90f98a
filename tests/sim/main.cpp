// wl_sim: runs seeds of the simulation and says which claim broke, when, and how to see it again.
#include <fmt/format.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <string>

#include "base/log.hpp"
#include "tests/sim/simulation.hpp"

namespace {

using wl::sim::RunOptions;
using wl::sim::RunReport;

struct Options {
  std::uint64_t first = 1;
  std::uint64_t seeds = 1;
  int days = 1;
  std::string plant = "none";
  std::string trace;
  bool hash = false;
  bool repeat = false;
  bool every_site = false;
  int limit_s = 600;
};

/// What is printed when a seed aborts, or runs without an end in one call.
char last_words[300];

void say_last_words(int) {
  [[maybe_unused]] const auto written = ::write(2, last_words, std::strlen(last_words));
  ::_exit(3);
}

std::string command_for(const RunOptions& run) {
  return fmt::format("wl_sim --first {} --days {}{}", run.seed, run.days,
                     run.bug == wl::sim::Bug::none
                         ? std::string()
                         : fmt::format(" --plant {}", wl::sim::name_of(run.bug)));
}

void watch(const RunOptions& run, int limit_s) {
  const std::string words =
      fmt::format("seed {} aborted, or took more than {} s of CPU; repeat: {} --trace FILE\n",
                  run.seed, limit_s, command_for(run));
  std::strncpy(last_words, words.c_str(), sizeof last_words - 1);
  const itimerval limit{.it_interval = {}, .it_value = {.tv_sec = limit_s, .tv_usec = 0}};
  ::setitimer(ITIMER_PROF, &limit, nullptr);
}

void print(const RunOptions& run, const RunReport& report, const Options& options) {
  if (options.hash) fmt::print("seed {} hash {:016x}\n", run.seed, report.hash);
  if (report.broken.empty()) return;
  fmt::print("seed {} broke at {}: {}\n  repeat: {} --trace FILE\n", run.seed, report.when,
             report.broken, command_for(run));
}

/// Names the sites that never fired. True when there is none.
bool every_site_fired(const wl::sim::FaultCounts& faults) {
  bool all = true;
  for (std::size_t i = 0; i < wl::sim::fault_sites; ++i) {
    if (faults.of(static_cast<wl::sim::Fault>(i)) > 0) continue;
    fmt::print("fault site never fired: {}\n", wl::sim::fault_names[i]);
    all = false;
  }
  return all;
}

void print_faults(const wl::sim::FaultCounts& faults) {
  for (std::size_t i = 0; i < wl::sim::fault_sites; ++i)
    fmt::print("  {:<32}{:>8}\n", wl::sim::fault_names[i],
               faults.of(static_cast<wl::sim::Fault>(i)));
}

bool one_seed(const RunOptions& run, const Options& options, RunReport& sum) {
  watch(run, options.limit_s);
  const RunReport report = wl::sim::run(run);
  print(run, report, options);
  sum.faults.add(report.faults);
  sum.scans += report.scans;
  sum.samples += report.samples;
  sum.gaps += report.gaps;
  sum.alarms += report.alarms;
  sum.letters += report.letters;
  sum.starts += report.starts;
  sum.events += report.events;
  std::fflush(stdout);
  if (!options.repeat) return report.broken.empty();
  watch(run, options.limit_s);
  const bool same = wl::sim::run(run).hash == report.hash;
  if (!same) fmt::print("seed {}: two runs differ\n", run.seed);
  return same && report.broken.empty();
}

int run_all(const Options& options, wl::sim::Bug bug) {
  RunReport sum;
  std::uint64_t failed = 0;
  for (std::uint64_t seed = options.first; seed < options.first + options.seeds; ++seed) {
    const RunOptions run{
        .seed = seed, .days = options.days, .bug = bug, .trace_file = options.trace};
    if (!one_seed(run, options, sum)) ++failed;
  }
  fmt::print(
      "{} seeds of {} days: {} broke; {} faults, {} starts of the collector, {} scans, {} samples "
      "stored, {} gaps, {} alarms, {} letters, {} events\n",
      options.seeds, options.days, failed, sum.faults.sum(), sum.starts, sum.scans, sum.samples,
      sum.gaps, sum.alarms, sum.letters, sum.events);
  print_faults(sum.faults);
  const bool sites = !options.every_site || every_site_fired(sum.faults);
  return failed == 0 && sites ? 0 : 1;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
/// Small and many are the allocations of a simulation; their call stacks cost more than they do.
extern "C" const char* __asan_default_options() {
  return "malloc_context_size=1:quarantine_size_mb=16";
}
#endif

int main(int argc, char** argv) {
  CLI::App app{"Simulates the collector with seeded faults and checks that nothing gets lost"};
  Options options;
  app.add_option("--first", options.first, "first seed");
  app.add_option("--seeds", options.seeds, "how many seeds");
  app.add_option("--days", options.days, "virtual days of each")->check(CLI::Range(1, 1000));
  app.add_option("--plant", options.plant, "bug to plant; it must be found");
  app.add_option("--trace", options.trace, "file for what happens, of the last seed");
  app.add_flag("--hash", options.hash, "print the hash of each seed's trace");
  app.add_flag("--repeat", options.repeat, "run each seed twice and compare the hashes");
  app.add_flag("--every-site", options.every_site, "fail when a fault site never fired");
  app.add_option("--limit", options.limit_s, "seconds of CPU for one seed");
  CLI11_PARSE(app, argc, argv);
  const auto bug = wl::sim::bug_named(options.plant);
  if (!bug) {
    fmt::print(stderr, "no such bug: {}; there are: {}\n", options.plant,
               fmt::join(wl::sim::bug_names, ", "));
    return 2;
  }
  for (const int signal : {SIGABRT, SIGPROF}) ::signal(signal, say_last_words);
  spdlog::set_level(spdlog::level::off);
  return run_all(options, *bug);
}
