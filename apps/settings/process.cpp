// What touches this process: its environment, its directories, its log.
#include <fmt/format.h>
#include <unistd.h>

#include "apps/settings/settings.hpp"
#include "base/core_dump.hpp"
#include "base/durable_file.hpp"

extern char** environ;

namespace wl {
namespace {

/// The first folder from `start` upwards that holds config/plant.json; empty when none does.
std::filesystem::path search_upwards(std::filesystem::path start) {
  std::error_code ignored;
  for (int depth = 0; depth < 64; ++depth) {
    if (std::filesystem::exists(start / "config" / "plant.json", ignored)) return start;
    if (start == start.parent_path()) break;
    start = start.parent_path();
  }
  return {};
}

}  // namespace

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

std::filesystem::path installation_root(const std::filesystem::path& wanted) {
  if (!wanted.empty()) return wanted;
  std::error_code ignored;
  const auto here = std::filesystem::current_path(ignored);
  if (auto found = search_upwards(here); !found.empty()) return found;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (auto found = search_upwards(program.parent_path()); !found.empty()) return found;
  return here;
}

Result<void> prepare_directories(const Settings& settings) {
  const std::pair<const std::filesystem::path&, std::string_view> wanted[] = {
      {settings.data_dir, "WATTLINE_DATA_DIR"},
      {settings.log_dir, "WATTLINE_LOG_DIR"},
      {settings.run_dir, "WATTLINE_RUN_DIR"}};
  for (const auto& [path, key] : wanted) {
    const auto made = ensure_writable_directory(path);
    if (made) continue;
    return fail(made.error().code,
                fmt::format("{}. Give this user write permission there, or set {}",
                            made.error().what, key));
  }
  return {};
}

Settings start_process(const std::filesystem::path& root, const std::string& process) {
  const auto forbidden = forbid_core_dumps();  // Before the first secret is in memory.
  auto loaded = load_settings(root, process_environment());
  if (!loaded) throw StartError(loaded.error().what);
  const Settings& settings = loaded->values;
  if (const auto made = prepare_directories(settings); !made) throw StartError(made.error().what);
  LogOptions options = settings.log_options(process);
  // Under the supervisor stderr is a file that only crashes and start errors should fill.
  options.also_stderr = ::isatty(STDERR_FILENO) == 1;
  if (const auto started = start_logging(options); !started) {
    throw StartError(started.error().what);
  }
  if (!forbidden) spdlog::warn("{}", forbidden.error().what);
  for (const std::string& warning : loaded->warnings) spdlog::warn("{}", warning);
  return std::move(loaded->values);
}

}  // namespace wl
