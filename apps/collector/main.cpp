// wattline-collector: from the gateway to the database and to the live socket.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "apps/collector/collector_process.hpp"
#include "apps/collector/replay.hpp"
#include "apps/collector/try_connection.hpp"
#include "base/durable_file.hpp"
#include "base/stop_signal.hpp"

namespace {

using namespace wl;

Plant read_plant(const Settings& settings) {
  const std::string path = settings.plant_config().string();
  auto text = read_file(path);
  if (!text) throw StartError(text.error().what);
  auto plant = parse_plant(std::move(*text), path);
  if (!plant) throw StartError(plant.error().what);
  return std::move(*plant);
}

void tell_status(const Settings& settings, const ProcessStatus& status) {
  if (const auto told = write_status(settings.run_dir, status); !told) {
    spdlog::warn("{}", told.error().what);
  }
}

int collect(const Settings& settings, const Plant& plant, StopSignal& stop) {
  CollectorProcess collector(settings, plant);
  std::optional<std::uint64_t> told_turns;
  ProcessStatus status;
  do {
    const std::uint64_t turns = collector.turns();
    status = collector.status();
    if (told_turns != turns) tell_status(settings, status);
    told_turns = turns;
  } while (!stop.wait(status_pause(status.healthy)));
  spdlog::info("stopping");
  const bool unwound = collector.stop();
  remove_status(settings.run_dir, "collector");
  spdlog::info("stopped");
  if (unwound) return 0;
  // The writer still waits for a silent server; it has nothing to store, but uses our variables.
  spdlog::shutdown();
  std::_Exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Wattline collector: takes values from the OPC UA gateway, stores what changed and "
      "shows it live"};
  app.set_version_flag("--version", WATTLINE_VERSION);
  std::filesystem::path root;
  bool only_test = false;
  wl::ReplayOptions replay_options;
  app.add_option("--root", root, "The installation: where .env and config/ stand");
  app.add_flag("--test-connection", only_test, "Try the gateway and every tag, then end");
  auto* from_feed = app.add_option(
      "--replay", replay_options.input,
      "Store the feed of `wattline-plc --virtual --feed` (FILE, or - for stdin), then end: on the "
      "feed's own clock, without gateway and notifications");
  from_feed->excludes("--test-connection");
  app.add_flag("--force", replay_options.force,
               "With --replay: also where the database has values of this time already")
      ->needs(from_feed);
  CLI11_PARSE(app, argc, argv);

  wl::StopSignal stop;
  bool logging = false;
  try {
    const wl::Settings settings = wl::start_process(wl::installation_root(root), "collector");
    logging = true;
    const wl::Plant plant = read_plant(settings);
    if (!replay_options.input.empty()) return wl::replay(settings, plant, replay_options, stop);
    return only_test ? wl::try_connection(settings, plant) : collect(settings, plant, stop);
  } catch (const wl::AlreadyRunning& running) {
    fmt::print(stderr, "wattline-collector: {}\n", running.what());
    return 3;
  } catch (const std::exception& error) {
    fmt::print(stderr, "wattline-collector: {}\n", error.what());
    if (logging && ::isatty(STDERR_FILENO) == 0) spdlog::error("{}", error.what());
    return 2;
  }
}
