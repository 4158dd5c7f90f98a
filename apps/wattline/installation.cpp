#include "apps/wattline/installation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/database/database_options.hpp"
#include "apps/wattline/commands.hpp"
#include "base/host/process_state.hpp"

namespace wl::command {

std::vector<storage::RestoreTarget> installation_files(const Settings& settings) {
  std::vector<storage::RestoreTarget> files{
      {".env", settings.root / ".env", true},
      {"config", settings.root / "config", false},
      {"plc_program", settings.plc_program, false},
      {"data/retain", settings.retain_dir(), true},
      {"data/pki", settings.pki_dir(), true},
      {"data/secret.key", settings.data_dir / "secret.key", true},
  };
  // Both may lie anywhere; .env names the place.
  const auto add = [&](const char* name, const std::string& path) {
    if (!path.empty()) files.push_back({name, (settings.root / path).lexically_normal(), true});
  };
  add("certificates/web.crt", settings.web_tls_cert);
  add("certificates/web.key", settings.web_tls_key);
  return files;
}

Result<StandStill> StandStill::take(const Settings& settings) {
  auto supervisor = InstanceLock::take(supervisor_pid_path(settings.run_dir));
  if (!supervisor) {
    return fail(supervisor.error().code,
                fmt::format("{}: stop it with `wattline down` first", supervisor.error().what));
  }
  std::vector<std::string> running;
  auto names = running_web_instances(settings.run_dir);
  names.insert(names.begin(), std::begin(process_names), std::end(process_names));
  for (const std::string& name : names) {
    if (const auto pid = running_process(settings.run_dir, name)) {
      running.push_back(fmt::format("wattline-{} (pid {})", name, *pid));
    }
  }
  if (!running.empty()) {
    return fail(Errc::conflict, fmt::format("still running: {}. Stop it with `wattline down` first",
                                            fmt::join(running, ", ")));
  }
  auto collector = lock_samples(settings);
  if (!collector) return std::unexpected(collector.error());
  return StandStill{std::move(*supervisor), std::move(*collector)};
}

Result<InstanceLock> lock_samples(const Settings& settings) {
  auto lock = InstanceLock::take(settings.data_dir / "collector.lock");
  if (lock || lock.error().code != Errc::conflict) return lock;
  return fail(Errc::conflict, fmt::format("the collector is {}: stop it with `wattline down` first",
                                          lock.error().what));
}

void finish_interrupted_restore(const Settings& settings) {
  const auto finished = storage::finish_restore(settings.root, database_options(settings));
  if (!finished) throw StartError(finished.error().what);
  if (!*finished) return;
  fmt::print("restore   was interrupted and is completed now:\n");
  for (const auto& path : **finished) fmt::print("          {}\n", path.string());
}

}  // namespace wl::command
