// `wattline plant check` and `wattline plant list`.
#pragma once

#include <filesystem>

#include "apps/settings/settings.hpp"

namespace CLI {
class App;
}

namespace wl::command {

/// Declares them; the one that was named puts its exit code into `code`. Both must outlive `app`.
void declare_plant(CLI::App& app, const std::filesystem::path& root, int& code);

/// Compares plant.json and gateway.json without the database; errors are printed.
bool is_plant_sound(const Settings& settings);

}  // namespace wl::command
