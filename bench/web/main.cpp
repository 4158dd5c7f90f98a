// bench_web: one part of the benchmark against the servers that run.py has started.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "parts.hpp"

namespace {

using namespace wl::bench;

/// A WebSocket is a descriptor.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

struct Options {
  Site site;
  RequestOptions requests;
  PushOptions push;
  StalledOptions stalled;
  LoginOptions logins;
  SoakOptions soak;
  IngestOptions ingest;
  int hours = 0;
};

void add_requests(CLI::App& app, Options& options) {
  CLI::App* part = app.add_subcommand("requests", "requests a second on kept connections");
  RequestOptions& mine = options.requests;
  part->add_option("--label", mine.label)->required();
  part->add_option("--target", mine.targets)->required();
  part->add_option("--connections", mine.connections)->check(CLI::Range(1, 10'000));
  part->add_option("--seconds", mine.seconds);
  part->add_option("--warm-seconds", mine.warm_seconds);
  part->add_option("--every", mine.every_seconds, "s between two requests of one connection");
  part->callback([&options] { measure_requests(options.site, options.requests); });
}

void add_live(CLI::App& app, Options& options) {
  CLI::App* part = app.add_subcommand("push", "a line a second to thousands of WebSockets");
  part->add_option("--clients", options.push.clients)->check(CLI::Range(1, 15'000));
  part->add_option("--seconds", options.push.seconds);
  part->callback([&options] { measure_push(options.site, options.push); });
  part = app.add_subcommand("stalled", "one client that does not read");
  part->add_option("--clients", options.stalled.clients)->check(CLI::Range(2, 500));
  part->add_option("--seconds", options.stalled.seconds, "a phase");
  part->add_option("--rounds", options.stalled.rounds)->check(CLI::Range(1, 100));
  part->callback([&options] { measure_stalled(options.site, options.stalled); });
  part = app.add_subcommand("feed", "stands in for the collector until SIGTERM");
  part->callback([&options] { feed(options.site); });
}

void add_others(CLI::App& app, Options& options) {
  CLI::App* part = app.add_subcommand("logins", "sign-ins beside a storm of bad ones");
  part->add_option("--user", options.logins.user)->required();
  part->add_option("--password", options.logins.password)->required();
  part->add_option("--seconds", options.logins.seconds, "a phase");
  part->add_option("--bad", options.logins.bad_a_second, "bad ones a second");
  part->callback([&options] { measure_logins(options.site, options.logins); });
  part = app.add_subcommand("soak", "memory over many requests");
  part->add_option("--asset", options.soak.asset)->required();
  part->add_option("--history", options.soak.history)->required();
  part->add_option("--requests", options.soak.requests);
  part->add_option("--warm-requests", options.soak.warm_requests);
  part->callback([&options] { measure_soak(options.site, options.soak); });
}

void add_database(CLI::App& app, Options& options) {
  CLI::App* part = app.add_subcommand("make-database", "an installation's, with history");
  part->add_option("--database", options.ingest.database)->required();
  part->add_option("--plant-file", options.ingest.plant)->required();
  part->add_option("--hours", options.hours)->check(CLI::Range(0, 24 * 400));
  part->callback([&options] { make_database(options.ingest, options.hours); });
  part = app.add_subcommand("ingest", "writes as the collector does until SIGTERM");
  part->add_option("--database", options.ingest.database)->required();
  part->add_option("--plant-file", options.ingest.plant)->required();
  part->add_option("--samples", options.ingest.samples_a_batch)->check(CLI::Range(1, 100'000));
  part->add_option("--every", options.ingest.every_seconds);
  part->callback([&options] { ingest(options.ingest); });
}

}  // namespace

int main(int argc, char** argv) {
  raise_descriptor_limit();
  Options options;
  CLI::App app("Measures the web service beside its peers; started by bench/web/run.py.");
  app.require_subcommand(1);
  app.add_option("--port", options.site.port, "of 127.0.0.1");
  app.add_option("--cookie", options.site.cookie, "name=value of a session");
  app.add_option("--pid", options.site.pids, "whose CPU time counts");
  app.add_option("--socket", options.site.socket, "run/live.sock");
  app.add_option("--plant", options.site.plant, "plant.json");
  add_requests(app, options);
  add_live(app, options);
  add_others(app, options);
  add_database(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_web: %s\n", error.what());
    return 1;
  }
  return 0;
}
