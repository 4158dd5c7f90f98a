// What stands in config/notify.json.
#pragma once

#include <string>

#include "apps/notify/notify_config.hpp"

namespace wl {

/// Changes in `config` what the file names. Every mistake at once, a line each.
Result<void> read_notify_file(std::string text, std::string name, NotifyConfig& config);

}  // namespace wl
