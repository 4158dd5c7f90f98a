#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <vector>

namespace wl {
namespace {

spdlog::level::level_enum level_of(const std::string& name) {
  if (name == "DEBUG") return spdlog::level::debug;
  if (name == "WARNING") return spdlog::level::warn;
  if (name == "ERROR") return spdlog::level::err;
  if (name == "CRITICAL") return spdlog::level::critical;
  return spdlog::level::info;
}

}  // namespace

Result<void> start_logging(const LogOptions& options) {
  const auto path = options.directory / (options.process + ".log");
  try {
    std::filesystem::create_directories(options.directory);
    std::vector<spdlog::sink_ptr> sinks;
    sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        path.string(), options.max_bytes, options.backups));
    if (options.also_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    auto logger = std::make_shared<spdlog::logger>(options.process, sinks.begin(), sinks.end());
    logger->set_level(level_of(options.level));
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-8l %n  %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
    return {};
  } catch (const std::exception& error) {
    return fail(Errc::permission, fmt::format("cannot write the log {}: {}. Give this user write "
                                              "permission there, or set WATTLINE_LOG_DIR",
                                              path.string(), error.what()));
  }
}

}  // namespace wl
