#include "web/command/line_commander.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wl::web {

LineCommander::LineCommander(LineAccess access) : access_(std::move(access)) {
  access_.timeout = std::min(access_.timeout, longest_step);
}

Result<opcua::WriteReport> LineCommander::carry_out(const opcua::ConfirmedWrite& write) {
  std::string reasons;
  for (std::size_t i = 0; i < access_.endpoint_urls.size(); ++i) {
    if (std::chrono::steady_clock::now() >= write.write_until) {
      reasons += reasons.empty() ? "it waited too long for its turn" : "; no time is left";
      break;
    }
    const std::size_t at = (first_ + i) % access_.endpoint_urls.size();
    const std::string& url = access_.endpoint_urls[at];
    auto report = opcua::write_confirmed(url, write, access_.security, access_.timeout);
    // Nothing was written when it was unavailable: another server may take it.
    if (report || report.error().code != Errc::unavailable) {
      first_ = at;
      return report;
    }
    reasons += fmt::format("{}{}", reasons.empty() ? "" : "; ", report.error().what);
  }
  return fail(Errc::unavailable, reasons.empty() ? "no server is configured" : reasons);
}

}  // namespace wl::web
