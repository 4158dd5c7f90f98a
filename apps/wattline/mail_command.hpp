// `wattline mail test`, `wattline mail status` and `wattline mail retry`.
#pragma once

#include <filesystem>

#include "apps/settings/settings.hpp"

namespace CLI {
class App;
}

namespace wl::command {

/// Declares them; the one that was named puts its exit code into `code`. Both must outlive `app`.
void declare_mail(CLI::App& app, const std::filesystem::path& root, int& code);

/// Reads config/notify.json and proves the templates that it needs; errors are printed.
bool is_notification_sound(const Settings& settings);

}  // namespace wl::command
