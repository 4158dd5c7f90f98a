// The few cryptographic functions that sessions and tokens need, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl::web {

/// Lower-case hexadecimal.
std::string sha256_hex(std::string_view text);
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

/// `bytes` of the operating system's CSPRNG as hexadecimal. Aborts when there are none: a process
/// that goes on would hand out guessable sessions.
std::string random_hex(std::size_t bytes);

/// Compares in a time that does not depend on where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace wl::web
