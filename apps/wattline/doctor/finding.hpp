// What one check of `wattline doctor` found.
#pragma once

#include <string>
#include <vector>

#include "apps/settings/settings.hpp"

namespace wl::doctor {

/// One link of the chain. A broken one says why and what to do about it.
struct Finding {
  std::string link;  ///< plc, gateway, collector, database, web, browser.
  bool ok = false;
  std::string measured{};   ///< `connected in 12 ms, 3 scans in 312 ms`; also of a broken one.
  std::string cause{};      ///< Empty when ok.
  std::string next_step{};  ///< Empty when ok.
};

/// Limits of the measurements; tests make them shorter.
struct DoctorOptions {
  Milliseconds timeout{3000};           ///< Of each connection.
  Milliseconds scan_interval{300};      ///< In which the scan counter has to move.
  Milliseconds snapshot_max_age{3000};  ///< Of run/live.sock.
  Milliseconds sample_max_age{15'000};  ///< Beside BATCH_WRITE_INTERVAL.
};

/// The chain in its order. Every check is made, also behind a broken one; the first that is not ok
/// is the one to mend.
std::vector<Finding> examine(const Settings& settings, const DoctorOptions& options = {});

// The links one by one. Each may be called alone.
Finding check_plc(const Settings& settings, const DoctorOptions& options);
Finding check_gateway(const Settings& settings, const DoctorOptions& options);
Finding check_collector(const Settings& settings, const DoctorOptions& options);
Finding check_database(const Settings& settings, const DoctorOptions& options);
Finding check_web(const Settings& settings, const DoctorOptions& options);
Finding check_browser_port(const Settings& settings, const DoctorOptions& options);

}  // namespace wl::doctor
