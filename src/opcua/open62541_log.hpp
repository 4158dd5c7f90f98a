// What open62541 says goes into the process log.
#pragma once

#include <open62541/plugin/log.h>

#include <string>

namespace wl::opcua {

/// For UA_ServerConfig::logging: warnings and errors as such, information as debug.
UA_Logger* server_logger();

/// For UA_ClientConfig::logging: everything as debug, because the Subscriber reports each change of
/// its link itself, once. Keeps the newest warning or error as the cause to be told.
class ClientLog {
 public:
  ClientLog();
  ClientLog(const ClientLog&) = delete;
  ClientLog& operator=(const ClientLog&) = delete;

  UA_Logger* logger() { return &logger_; }
  /// Empty when there was none since the last call.
  std::string take_cause();

 private:
  static void log(void* context, UA_LogLevel level, UA_LogCategory category, const char* format,
                  va_list arguments);

  UA_Logger logger_{};
  std::string cause_;
};

}  // namespace wl::opcua
