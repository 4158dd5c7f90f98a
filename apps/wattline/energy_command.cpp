// `wattline db rebuild-energy`, and the same as the end of an import and of a conversion.
#include "apps/wattline/energy_command.hpp"

#include <fmt/format.h>

#include "apps/database/database_options.hpp"
#include "apps/wattline/commands.hpp"
#include "apps/wattline/history_words.hpp"
#include "apps/wattline/installation.hpp"
#include "apps/wattline/keeping.hpp"

namespace wl::command {
namespace {

template <class T>
T or_stop(Result<T> result) {
  if (!result) throw StartError(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double kwh(std::int64_t milli_wh) {
  return static_cast<double>(milli_wh) / 1e6;
}

}  // namespace

Result<energy::RebuildReport> renew_energy(storage::CollectorStore& store, const Settings& settings,
                                           const Plant& plant, energy::RebuildRequest request,
                                           ProgressLine& progress) {
  request.sampling_interval = settings.data_collection_interval;
  request.now = wall_now();
  return energy::rebuild_energy(
      store, database_options(settings, plant), plant, request, [&](Timestamp reached) {
        return progress.show("computing energy, at " + to_iso8601(reached));
      });
}

void print_energy(const energy::RebuildReport& report, const Plant& plant) {
  if (report.from == report.to) {
    fmt::print("energy    there is no reading of a meter\n");
    return;
  }
  fmt::print("energy    {} to {}: {} quarter hours added, {} corrected, {} right, {} kept\n",
             to_iso8601(report.from), to_iso8601(report.to), report.added, report.corrected,
             report.unchanged, report.kept);
  if (report.events_told + report.events_withdrawn > 0) {
    fmt::print("          {} meter events told, {} withdrawn\n", report.events_told,
               report.events_withdrawn);
  }
  for (const energy::DeviceEnergy& device : report.devices) {
    fmt::print("          {}: {:.6f} kWh, before {:.6f} kWh\n", plant.device(device.device).id,
               kwh(device.after_milli_wh), kwh(device.before_milli_wh));
  }
}

void renew_converted_energy(const Settings& settings) try {
  ProgressLine progress;
  const Plant plant = read_plant(settings);
  const InstanceLock lock = or_stop(lock_samples(settings));
  const auto store =
      or_stop(storage::open_collector_store(database_options(settings, plant), plant));
  print_energy(or_stop(renew_energy(*store, settings, plant, {}, progress)), plant);
  or_stop(store->checkpoint());
} catch (const StartError& error) {
  fmt::print(
      "energy    not computed for the converted samples: {}. Then run `wattline db "
      "rebuild-energy` while Wattline is stopped\n",
      error.what());
}

int rebuild_energy(const std::filesystem::path& root, const RebuildWords& words) {
  ProgressLine progress;
  const Settings settings = read_settings(root);
  const Plant plant = read_plant(settings);
  const HistoryPart part = parse_part({.points = {}, .from = words.from, .to = {}});
  const auto lock = lock_samples(settings);
  if (!lock) {
    fmt::print(stderr, "error: {}\n", lock.error().what);
    return 1;
  }
  const auto store =
      or_stop(storage::open_collector_store(database_options(settings, plant), plant));
  const auto report = renew_energy(*store, settings, plant,
                                   {.from = part.from, .dry_run = words.dry_run}, progress);
  if (!report) {
    fmt::print(stderr, "error: {}\n", report.error().what);
    return 1;
  }
  print_energy(*report, plant);
  if (words.dry_run) fmt::print("dry run: nothing was changed\n");
  or_stop(store->checkpoint());
  return 0;
}

}  // namespace wl::command
