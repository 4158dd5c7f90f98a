// `wattline doctor`.
#include <fmt/format.h>

#include <algorithm>

#include "apps/wattline/commands.hpp"
#include "apps/wattline/doctor/finding.hpp"

namespace wl::command {

int doctor(const std::filesystem::path& root) {
  const Settings settings = read_settings(root);
  const auto findings = doctor::examine(settings);
  for (const auto& finding : findings) {
    fmt::print("{:<7} {:<10} {}\n", finding.ok ? "ok" : "BROKEN", finding.link,
               finding.ok ? finding.measured : finding.cause);
  }
  const auto first = std::ranges::find(findings, false, &doctor::Finding::ok);
  if (first == findings.end()) {
    fmt::print("\nEvery link from the PLC to the browser works.\n");
    return 0;
  }
  fmt::print("\nThe first broken link is: {}\ncause  {}\nnext   {}\n", first->link, first->cause,
             first->next_step);
  return 1;
}

}  // namespace wl::command
