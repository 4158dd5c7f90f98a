// The installation's secret: the key of CSRF tokens.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace wl::web {

/// SECRET_KEY when it is set, else the content of <data_dir>/secret.key, which is created with
/// mode 0600 when it is missing. Refuses a key under 16 characters and a file that others may
/// read, with the command that mends it.
Result<std::string> load_secret_key(const std::string& configured,
                                    const std::filesystem::path& data_dir);

}  // namespace wl::web
