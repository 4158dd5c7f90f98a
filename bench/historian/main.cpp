// bench_historian: one part of the benchmark against the peers that run.py has started.
#include <CLI/CLI.hpp>

#include <cstdio>

#include "parts.hpp"

int main(int argc, char** argv) {
  using namespace wl::bench;
  Places places;
  IngestOptions ingest;
  QueryOptions queries;
  SustainedOptions sustained;
  int size_hours = 24;
  LineDatabase line;
  double flat_seconds = 0.5;

  CLI::App app("Measures the historian beside its peers; started by bench/historian/run.py.");
  app.require_subcommand(1);
  app.add_option("--folder", places.folder, "private folder for databases")->required();
  app.add_option("--victoria", places.victoria, "port of VictoriaMetrics");
  app.add_option("--influx", places.influx, "port of InfluxDB");
  app.add_option("--clickhouse", places.clickhouse, "HTTP port of ClickHouse");
  CLI::App* part = app.add_subcommand("ingest", "samples a second");
  part->add_option("--rounds", ingest.rounds)->check(CLI::Range(1, 100));
  part->add_option("--hours", ingest.hours)->check(CLI::Range(1, 240));
  part->add_option("--mariadb", ingest.mariadb, "only our store, on the MariaDB at this port");
  part->add_option("--batch", ingest.batches, "samples a batch, one or more")
      ->check(CLI::Range(1, 1'000'000));
  part->callback([&] { measure_ingest(places, ingest); });
  part = app.add_subcommand("size", "bytes a sample");
  part->add_option("--hours", size_hours)->check(CLI::Range(1, 240));
  part->add_option("--database", line.path, "samples of this one instead of synthetic ones");
  part->add_option("--plant", line.plant, "its plant.json");
  part->add_option("--days", line.days, "the newest of it")->check(CLI::Range(1, 365));
  part->callback([&] { measure_size(places, size_hours, line); });
  part = app.add_subcommand("queries", "answers while a writer writes");
  part->add_option("--days", queries.days)->check(CLI::Range(1, 3650));
  part->add_option("--seconds", queries.seconds, "for each question and engine");
  part->callback([&] { measure_queries(places, queries); });
  part = app.add_subcommand("flat", "answers by length of the history");
  part->add_option("--seconds", flat_seconds, "for each question, depth and engine");
  part->callback([&] { measure_flat(places, flat_seconds); });
  part = app.add_subcommand("sustained", "10,000 points in real time");
  part->add_option("--minutes", sustained.minutes)->check(CLI::Range(1, 1440));
  part->add_option("--points", sustained.points)->check(CLI::Range(4, 100'000));
  part->callback([&] { measure_sustained(places, sustained); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_historian: %s\n", error.what());
    return 1;
  }
  return 0;
}
