// wattline-plc: argv and .env → program → line. See options.cpp for the manual.
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "apps/plc/application.hpp"
#include "apps/plc/options.hpp"
#include "apps/plc/run_line.hpp"
#include "apps/plc/virtual_line.hpp"
#include "apps/settings/settings.hpp"
#include "base/stop_signal.hpp"
#include "plc/runtime/scan_program.hpp"

namespace {

using namespace wl;

constexpr int exit_cannot_start = 2;
constexpr int exit_already_running = 3;

/// Diagnostics go to stderr as they are: an editor finds file:line:col at the start of a line.
Application compile_or_stop(const std::filesystem::path& folder) {
  auto application = compile_application(folder);
  if (!application) {
    fmt::print(stderr, "{}\n", application.error().what);
    throw StartError(fmt::format("the program in {} was not started", folder.string()));
  }
  fmt::print(stderr, "{}", application->diagnostics);
  return std::move(*application);
}

/// Settings for the modes that only look: no directory is made, no log is opened.
Settings settings_to_look(const std::filesystem::path& root) {
  auto loaded = load_settings(root, process_environment());
  if (!loaded) throw StartError(loaded.error().what);
  return std::move(loaded->values);
}

int check(const PlcOptions& options) {
  const auto settings = settings_to_look(installation_root(options.root));
  const auto application = compile_or_stop(settings.plc_program);
  fmt::print("{} POUs, {} variables, state {} bytes\n", application.pous,
             application.native->symbols().size(), application.native->state_size());
  return 0;
}

int run_virtual(const PlcOptions& options) {
  StopSignal stop;
  spdlog::set_default_logger(spdlog::stderr_logger_st("plc"));  // stdout is for the trace.
  const auto settings = settings_to_look(installation_root(options.root));
  const auto application = compile_or_stop(settings.plc_program);
  return run_virtual_line(plc::NativeScanProgram(*application.native), options, stop);
}

int run(const PlcOptions& options) {
  StopSignal stop;
  const Settings settings = start_process(installation_root(options.root), "plc");
  const auto application = compile_or_stop(settings.plc_program);
  const plc::NativeScanProgram program(*application.native);
  const LineRun line{program, application.pous, settings, options.truth_log};
  run_line(line, stop);
  return 0;
}

int run_mode(const PlcOptions& options) {
  switch (options.mode) {
    case PlcOptions::Mode::check:
      return check(options);
    case PlcOptions::Mode::virtual_run:
      return run_virtual(options);
    case PlcOptions::Mode::run:
      break;
  }
  return run(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto options = read_options(argc, argv);
    if (const int* exit_code = std::get_if<int>(&options)) return *exit_code;
    const int exit_code = run_mode(std::get<PlcOptions>(options));
    spdlog::shutdown();
    return exit_code;
  } catch (const AlreadyRunning& running) {
    fmt::print(stderr, "{}\n", running.what());
    return exit_already_running;
  } catch (const StartError& error) {
    fmt::print(stderr, "error: {}\n", error.what());
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
  }
  spdlog::shutdown();
  return exit_cannot_start;
}
