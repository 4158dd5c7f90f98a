// bench_collector: one part of the benchmark; run.py starts it and makes a table of its figures.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "parts.hpp"

namespace {

using namespace wl::bench;

void add_path_options(CLI::App* part, PathOptions& options) {
  part->add_option("--points", options.points)->check(CLI::Range(4, 100'000));
  part->add_option("--seconds", options.seconds, "virtual")->check(CLI::Range(1, 3600));
  part->add_option("--rounds", options.rounds)->check(CLI::Range(1, 100));
}

void add_feed_options(CLI::App* part, FeedOptions& options) {
  part->add_option("--config", options.config, "folder of plant.json and gateway.json")->required();
  part->add_option("--feed", options.input, "of wattline-plc --virtual; - is standard input");
}

}  // namespace

int main(int argc, char** argv) {
  // Figures go to standard output; what the collector's parts log must not stand among them.
  spdlog::set_default_logger(spdlog::stderr_color_mt("collector"));
  spdlog::set_level(spdlog::level::err);
  std::filesystem::path folder;
  PathOptions path;
  FloodOptions flood;
  FeedOptions day;
  OutageOptions outage;
  BacklogOptions backlog;
  CLI::App app("Measures the collector; started by bench/collector/run.py.");
  app.require_subcommand(1);
  app.add_option("--folder", folder, "private and empty; for spools and databases")->required();
  CLI::App* part = app.add_subcommand("path", "samples a second of one core");
  add_path_options(part, path);
  part->callback([&] { measure_path(folder, path); });
  part = app.add_subcommand("queues", "the spool beside other queues on disk");
  add_path_options(part, path);
  part->callback([&] { measure_queues(folder, path); });
  part = app.add_subcommand("rules", "cost of 10,000 alarm rules");
  add_path_options(part, path);
  part->callback([&] { measure_rules(folder, path); });
  part = app.add_subcommand("flood", "10,000 alarms of one second");
  part->add_option("--minutes", flood.minutes, "of storm, virtual")->check(CLI::Range(1, 1440));
  part->callback([&] { measure_flood(folder, flood); });
  part = app.add_subcommand("day", "memory over a day");
  add_feed_options(part, day);
  part->callback([&] { measure_day(folder, day); });
  part = app.add_subcommand("outage", "bytes of a spool whose database is away");
  add_feed_options(part, outage.feed);
  part->add_option("--lines", outage.lines)->check(CLI::Range(1, 100));
  part->callback([&] { measure_outage(folder, outage); });
  part = app.add_subcommand("backlog", "fills a spool for the parts with real processes");
  part->add_option("--config", backlog.config, "folder of plant.json")->required();
  part->add_option("--megabytes", backlog.megabytes)->check(CLI::Range(1, 100'000));
  part->callback([&] { make_backlog(folder, backlog); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_collector: %s\n", error.what());
    return 1;
  }
  return 0;
}
