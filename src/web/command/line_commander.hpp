// Writes commands to the line, through the gateway's OPC UA server.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "opcua/confirmed_write.hpp"
#include "web/workers.hpp"

namespace wl::web {

/// The same servers, certificates and time-outs as the collector's.
struct LineAccess {
  std::vector<std::string> endpoint_urls;  ///< Redundant servers of the same tags.
  opcua::ClientSecurity security;
  Milliseconds timeout{3000};  ///< Of each step; longer ones than longest_step are cut to it.
};

/// Together with the wait for the proof below ServerLimits::handler: a caller that was told that
/// it took too long must not see the command carried out afterwards.
inline constexpr Milliseconds longest_step{2000};

/// A connection of its own for each command: commands are rare, and a session that idles between
/// them would have to be watched. The desk's thread owns it and waits for the line.
class LineCommander {
 public:
  explicit LineCommander(LineAccess access);

  /// At the first server that can be connected; the next command begins with that one. Errors are
  /// those of write_confirmed().
  Result<opcua::WriteReport> carry_out(const opcua::ConfirmedWrite& write);

 private:
  LineAccess access_;
  std::size_t first_ = 0;  ///< Index of the server that answered last.
};

using CommandDesk = Desk<LineCommander>;

}  // namespace wl::web
