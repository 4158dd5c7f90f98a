// Rules that look at more than one key: what this version cannot honour, and what a production
// plant must not do. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/settings/settings.hpp"

namespace wl {

/// A finding names the key, so that the loader can say where it stands.
struct SettingsFinding {
  std::string_view key;
  std::string reason;
};

struct SettingsFindings {
  std::vector<SettingsFinding> mistakes;  ///< Stop the start.
  std::vector<SettingsFinding> warnings;
};

/// A setting that protects (encryption, allow list) is refused when it would have no effect;
/// a convenience is only warned about.
SettingsFindings check_settings(const Settings& settings);

/// 127.0.0.0/8, ::1 or localhost.
bool is_loopback(std::string_view host);

}  // namespace wl
