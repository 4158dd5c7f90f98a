#include <stdexcept>

#include "database.hpp"
#include "deliveries.hpp"
#include "figures.hpp"
#include "parts.hpp"
#include "virtual_collector.hpp"

namespace wl::bench {
namespace {

constexpr Milliseconds step{100};

/// Runs a path over `seconds` of deliveries; they are made outside of its clock.
double run(VirtualCollector& path, Deliveries& deliveries, int seconds) {
  double wall = 0;
  for (int i = 0; i < seconds * 10; ++i) {
    auto notifications = deliveries.next();
    const Stopwatch watch;
    for (auto& changes : notifications) path.deliver(std::move(changes), deliveries.received_at());
    path.turn(deliveries.received_at());
    wall += watch.seconds();
  }
  const Stopwatch watch;
  path.finish(deliveries.received_at() + step);
  return wall + watch.seconds();
}

/// All that was accepted was made durable, acknowledged and stored: else the figure means nothing.
void check(const VirtualCollector& path) {
  const collector::CoreStats stats = path.stats();
  const collector::ForwardFigures forward = path.forward();
  if (stats.notifications_waiting != 0 || stats.never_acknowledged != 0)
    throw std::runtime_error("notifications were not acknowledged");
  if (forward.samples_stored != stats.samples_accepted || forward.records_lost != 0)
    throw std::runtime_error(fmt::format("{} samples accepted, {} stored", stats.samples_accepted,
                                         forward.samples_stored));
}

void tell(std::string_view way, const VirtualCollector& path, double wall, std::uint64_t spooled) {
  const PathCost& cost = path.cost();
  const auto samples = static_cast<double>(path.stats().samples_accepted);
  Figure("path")
      .add("way", way)
      .add("samples", samples)
      .add("per_core_second", samples / cost.sum())
      .add("per_second", samples / wall)
      .add("core_seconds", cost.core)
      .add("forward_seconds", cost.forward)
      .add("database_seconds", cost.sink)
      .add("records", static_cast<double>(path.records()))
      .add("batches", static_cast<double>(path.forward().batches_stored))
      .add("database_bytes", static_cast<double>(spooled));
}

void one_round(const Plant& plant, const std::filesystem::path& folder,
               const PathOptions& options) {
  const std::size_t devices = options.points / points_a_device;
  for (const bool stored : {false, true}) {
    const auto place = folder / "round";
    std::filesystem::create_directories(place);
    Deliveries deliveries(devices, step, epoch);
    FreeDatabase costless;
    std::unique_ptr<Database> database;
    if (stored) database = std::make_unique<Database>(plant, place, epoch);
    BatchSink& sink = stored ? static_cast<BatchSink&>(*database) : costless;
    VirtualCollector path(plant, {.folder = place, .start = epoch, .sink = &sink});
    const double wall = run(path, deliveries, options.seconds);
    check(path);
    tell(stored ? "database" : "batch", path, wall, stored ? database->bytes() : 0);
    database.reset();
    std::filesystem::remove_all(place);
  }
}

}  // namespace

void measure_path(const std::filesystem::path& folder, const PathOptions& options) {
  const Plant plant = busy_plant(options.points / points_a_device);
  for (int round = 0; round < options.rounds; ++round) {
    say(fmt::format("path: round {} of {}", round + 1, options.rounds));
    one_round(plant, folder, options);
  }
}

}  // namespace wl::bench
