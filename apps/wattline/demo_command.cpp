// `wattline demo-history`, and the history of the first start.
#include <fmt/format.h>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/demo/demo_history.hpp"
#include "base/durable_file.hpp"
#include "base/host/process_state.hpp"
#include "base/instance_lock.hpp"

namespace wl::command {
namespace {

constexpr int refused = 2;
constexpr int already_running = 3;

Plant read_plant(const Settings& settings) {
  const std::string path = settings.plant_config().string();
  auto text = read_file(path);
  if (!text) throw StartError(text.error().what);
  auto plant = parse_plant(std::move(*text), path);
  if (!plant) throw StartError(plant.error().what);
  return std::move(*plant);
}

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int exit_code_of(demo::Filled filled) {
  return filled == demo::Filled::whole ? 0 : 1;
}

}  // namespace

int demo_history(const std::filesystem::path& root, int days, std::optional<std::uint32_t> seed) {
  StopSignal stop;
  const Settings settings = read_settings(root);
  if (const auto made = prepare_directories(settings); !made) throw StartError(made.error().what);
  const auto lock = InstanceLock::take(supervisor_pid_path(settings.run_dir));
  if (!lock) {
    fmt::print(stderr, "{}; `wattline down` stops it\n", lock.error().what);
    return lock.error().code == Errc::conflict ? already_running : 1;
  }
  const Plant plant = read_plant(settings);
  if (const auto reason = demo::why_no_demo_history(settings, plant)) {
    fmt::print(stderr, "no demo history: {}\n", *reason);
    return refused;
  }
  const demo::DemoHistory wanted{.days = days, .seed = seed, .programs = program_folder()};
  const auto filled = demo::fill_demo_history(settings, wanted, stop, say);
  if (filled == demo::Filled::whole) say("`wattline up` goes on from here.");
  if (filled == demo::Filled::cut) say("Stopped. `wattline up` goes on from what is there.");
  return exit_code_of(filled);
}

bool fill_first_history(const Settings& settings, StopSignal& stop,
                        const std::function<void(const std::string&)>& tell) {
  const int days = settings.demo_history_days;
  if (days == 0 || demo::why_no_demo_history(settings, read_plant(settings))) return true;
  tell(
      fmt::format("First start: making {} days of history for the charts, about {} s "
                  "(DEMO_HISTORY_DAYS in .env; 0 = none)",
                  days, 2 + days * seconds_a_demo_day));
  const demo::DemoHistory wanted{.days = days, .seed = {}, .programs = program_folder()};
  const auto filled = demo::fill_demo_history(settings, wanted, stop, tell);
  return filled != demo::Filled::cut;
}

}  // namespace wl::command
