// The keys of .env: one row a key. A new key is a member of Settings, a row here and a line in
// .env.example; a test holds the three together.
#pragma once

#include <span>
#include <string_view>

#include "apps/settings/settings.hpp"

namespace wl {

/// One key and how its text becomes a member of Settings.
struct SettingsKey {
  std::string_view name;
  std::string_view old_name;  ///< Of the system that Wattline replaces; empty when there is none.
  /// Parses and checks the range. The error tells what is wanted, without the key.
  Result<void> (*apply)(Settings& settings, std::string_view text);
};

/// All keys in the order of .env.example.
std::span<const SettingsKey> settings_keys();

/// By name or old name; null when there is none.
const SettingsKey* find_settings_key(std::string_view name);

}  // namespace wl
