// Version and checksum around a body. Internal to the format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace wl::storage::rollup {

/// Bytes before the body: u8 version, u32 CRC-32C of the version byte and the body. These keep
/// their places in every later version.
inline constexpr std::size_t seal_bytes = 5;
inline constexpr std::uint8_t sealed_version = 1;

/// `bytes` holds `seal_bytes` to be filled in front of the body. A version other than ours is for
/// tests alone.
void seal(std::string& bytes, std::uint8_t version = sealed_version);

/// The body of whole and undamaged bytes of this version; `what` names them in the error.
Result<std::string_view> unseal(std::string_view bytes, std::string_view what);

}  // namespace wl::storage::rollup
