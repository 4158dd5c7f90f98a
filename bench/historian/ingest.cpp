#include <fcntl.h>
#include <unistd.h>

#include "figures.hpp"
#include "line_samples.hpp"
#include "parts.hpp"
#include "wattline_engine.hpp"

namespace wl::bench {
namespace {

double write_all(Engine& engine, std::size_t batches) {
  const Stopwatch watch;
  for (std::size_t i = 0; i < batches; ++i) engine.write(i);
  engine.finish();
  return watch.seconds();
}

/// Milliseconds that writing and syncing 4 kB takes here and now: median of some.
double sync_ms(const std::string& folder) {
  const std::string path = folder + "/sync";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const std::string page(4096, 'x');
  std::vector<double> taken;
  for (int i = 0; i < 30; ++i) {
    Stopwatch watch;
    if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) break;
    taken.push_back(watch.lap() * 1000);
  }
  ::close(file);
  return percentile(taken, 0.5);
}

void one_round(std::span<const std::unique_ptr<Engine>> engines, std::span<const Sample> samples,
               std::size_t batch_size, const std::string& folder) {
  const auto batches = cut(samples, batch_size);
  for (const auto& engine : engines) {
    Stopwatch preparing;
    engine->prepare(batches);
    const double prepare_seconds = preparing.lap();
    const double sync = sync_ms(folder);
    const double seconds = write_all(*engine, batches.size());
    engine->prepare({});  // Gives the memory back.
    Figure("ingest")
        .add("engine", engine->name())
        .add("batch", static_cast<double>(batch_size))
        .add("samples", static_cast<double>(samples.size()))
        .add("seconds", seconds)
        .add("prepare_seconds", prepare_seconds)
        .add("sync_ms", sync)
        .add("per_second", static_cast<double>(samples.size()) / seconds);
  }
}

std::vector<std::unique_ptr<Engine>> engines_of(const Plant& plant, const Places& places,
                                                const IngestOptions& options) {
  if (options.mariadb == 0) return make_engines(plant, places);
  std::vector<std::unique_ptr<Engine>> alone;
  alone.push_back(make_wattline_on_mariadb(plant, options.mariadb));
  return alone;
}

}  // namespace

void measure_ingest(const Places& places, const IngestOptions& options) {
  const Plant plant = synthetic_plant(12);
  // A history for each batch size would be two; time simply goes on, as it does in a plant.
  const auto engines = engines_of(plant, places, options);
  SyntheticLine line(12, epoch);
  for (int round = 0; round < options.rounds; ++round) {
    for (const std::size_t size : options.batches) {
      say(fmt::format("ingest: round {} of {}, batches of {}", round + 1, options.rounds, size));
      one_round(engines, line.next(std::chrono::hours{options.hours}), size, places.folder);
    }
  }
  for (const auto& engine : engines) {
    engine->settle();
    Figure("ingest_check")
        .add("engine", engine->name())
        .add("written", static_cast<double>((line.now() - epoch) / Milliseconds{1000} * 48))
        .add("stored", static_cast<double>(engine->stored_samples()));
  }
  const WriteCost& cost = dynamic_cast<const Wattline&>(*engines.front()).cost();
  Figure("ingest_cost")
      .add("ledger_seconds", cost.ledger)
      .add("batch_seconds", cost.batch)
      .add("upkeep_seconds", cost.upkeep)
      .add("longest_batch_ms", cost.longest_batch * 1000)
      .add("longest_upkeep_ms", cost.longest_upkeep * 1000)
      .add("ledger_state_bytes", static_cast<double>(cost.state_bytes));
}

}  // namespace wl::bench
