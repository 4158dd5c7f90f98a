// `wattline-20261122-190501.tar.zst`: the name tells when, in UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace wl::storage {

/// `wattline-20261122-190501`; rounds down to the second. Years 1970 to 9999.
std::string backup_stem(Timestamp made_at);

inline constexpr std::string_view backup_extension = ".tar.zst";

/// The time of a name that backup_stem() and the extension make; nothing for any other.
std::optional<Timestamp> backup_time(std::string_view file_name);

}  // namespace wl::storage
