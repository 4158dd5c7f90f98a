#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <vector>

#include "base/utf8.hpp"

namespace wl {
namespace {

spdlog::level::level_enum level_of(const std::string& name) {
  if (name == "DEBUG") return spdlog::level::debug;
  if (name == "WARNING") return spdlog::level::warn;
  if (name == "ERROR") return spdlog::level::err;
  if (name == "CRITICAL") return spdlog::level::critical;
  return spdlog::level::info;
}

/// The message on one line. Names, paths and errors come from users and peers: a line break in one
/// would forge a line, an escape would steer the terminal of who reads the file.
class OneLineMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string line = one_line({message.payload.data(), message.payload.size()});
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<OneLineMessage>();
  }
};

std::unique_ptr<spdlog::formatter> line_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<OneLineMessage>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-8l %n  %*");
  return formatter;
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
    logger->set_formatter(line_formatter());
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
