#include "opcua/open62541_log.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include "base/log.hpp"

namespace wl::opcua {
namespace {

__attribute__((format(printf, 1, 0))) std::string render(const char* format, va_list arguments) {
  std::array<char, 512> text{};  // Longer messages are cut: they are for people.
  std::vsnprintf(text.data(), text.size(), format, arguments);
  return text.data();
}

spdlog::level::level_enum server_level(UA_LogLevel level) {
  if (level >= UA_LOGLEVEL_ERROR) return spdlog::level::err;
  if (level >= UA_LOGLEVEL_WARNING) return spdlog::level::warn;
  if (level >= UA_LOGLEVEL_INFO) return spdlog::level::debug;
  return spdlog::level::trace;
}

void tell_server(UA_LogLevel level, const char* format, va_list arguments) {
  auto target = server_level(level);
  if (!spdlog::default_logger_raw()->should_log(target)) return;
  const std::string text = render(format, arguments);
  // The library adds this node in the client's name, to whom access_control refuses every node.
  // And a signal during the wait is told as a time-out.
  if (text.find("subscription diagnostics object failed") != std::string::npos ||
      text.find("Timeout during poll") != std::string::npos) {
    target = spdlog::level::debug;
  }
  spdlog::log(target, "opcua server: {}", text);
}

void log_server(void*, UA_LogLevel level, UA_LogCategory, const char* format, va_list arguments) {
  try {
    tell_server(level, format, arguments);
  } catch (const std::exception&) {  // No memory for a log line: never through the library.
  }
}

}  // namespace

UA_Logger* server_logger() {
  static UA_Logger logger{log_server, nullptr, nullptr};
  return &logger;
}

ClientLog::ClientLog() : logger_{&ClientLog::log, this, nullptr} {}

std::string ClientLog::take_cause() {
  return std::exchange(cause_, {});
}

void ClientLog::log(void* context, UA_LogLevel level, UA_LogCategory, const char* format,
                    va_list arguments) {
  const bool is_cause = level >= UA_LOGLEVEL_WARNING;
  const bool is_logged = spdlog::default_logger_raw()->should_log(spdlog::level::debug);
  if (!is_cause && !is_logged) return;
  try {
    std::string text = render(format, arguments);
    if (is_logged) spdlog::debug("opcua client: {}", text);
    if (is_cause) static_cast<ClientLog*>(context)->cause_ = std::move(text);
  } catch (const std::exception&) {  // As above.
  }
}

}  // namespace wl::opcua
