// `wattline-collector --replay`: the feed of a virtual PLC into the database.
#pragma once

#include <string>

#include "apps/settings/settings.hpp"
#include "base/stop_signal.hpp"
#include "model/plant.hpp"

namespace wl {

struct ReplayOptions {
  std::string input;   ///< File, or `-` for stdin.
  bool force = false;  ///< Also into a database with values of this time or later.
};

/// Takes a feed through gateway pipelines, core, ledger and store as if it happened now, on the
/// feed's own clock. No gateway is asked and nobody is notified. Progress goes to stdout. Returns
/// the exit code: 0 the whole feed is stored; 1 it ended early or was stopped, and what is stored
/// up to the time that is named is whole. Throws StartError: a collector runs on this data
/// directory, the database has such values already, the feed is none of ours.
int replay(const Settings& settings, const Plant& plant, const ReplayOptions& options,
           StopSignal& stop);

}  // namespace wl
